"""PrestaShop: its webservice, asked and told; it sends no messages by itself."""
