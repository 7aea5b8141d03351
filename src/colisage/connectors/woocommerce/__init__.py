"""WooCommerce: REST v3, webhooks, refunds."""
