"""What a person gives to connect a WooCommerce shop."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.connectors.ports import Field

FIELDS: Final = (
    Field("url", _("Address of the shop"), "url", _("As customers type it, for example https://shop.example.")),
    Field("key", _("Consumer key"), "secret", _("Begins with ck_. In WooCommerce: Settings, Advanced, REST API.")),
    Field("secret", _("Consumer secret"), "secret", _("Begins with cs_. It needs the right to read and write.")),
    Field(
        "webhook_secret", _("Secret of the webhook"), "secret",
        _(
            "The secret of the webhooks “Order created”, “Order updated” and “Order deleted” that call the address "
            "shown here."
        ),
        required=False,
    ),
)  # fmt: skip
