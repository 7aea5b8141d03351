"""Which addresses are out on the internet, for those who call them."""

from colisage.notices.rules.webhooks import is_barred, is_public

__all__ = ["is_barred", "is_public"]
