"""What a person gives to connect a Shopify shop."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.connectors.ports import Field

API_VERSION: Final = "2026-01"
# What the app has to be allowed; write_… allows to read as well.
SCOPES: Final = (
    "read_orders",
    "write_merchant_managed_fulfillment_orders",
    "read_inventory",
    "write_inventory",
    "read_locations",
    "read_returns",
)
OUR_SERVICE: Final = "colisage"  # how the handle of a fulfilment service begins that stands for us

FIELDS: Final = (
    Field(
        "url", _("Address of the shop"), "url",
        _("The one that ends with myshopify.com, for example https://my-shop.myshopify.com."),
    ),
    Field(
        "token", _("Admin API access token"), "secret",
        _("Begins with shpat_. In Shopify: Settings, Apps, Develop apps, your app, API credentials. Shown only once."),
    ),
    Field(
        "webhook_secret", _("Secret of the webhooks"), "secret",
        _("In Shopify under Settings, Notifications, Webhooks. For webhooks of an app: its API secret key."),
        required=False,
    ),
    Field(
        "location", _("Location"), "text",
        _("Name of the location whose stock is told. Needed only when the shop has several."),
        required=False,
    ),
    Field(
        "sent_from", _("Locations sent from here"), "text",
        _("Their names, with commas between. Left empty: all that no other fulfilment service runs."),
        required=False,
    ),
)  # fmt: skip
