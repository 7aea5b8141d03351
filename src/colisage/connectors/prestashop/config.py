"""What a person gives to connect a PrestaShop."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.connectors.ports import Field

CANCELLED: Final = "6,7,8"  # cancelled, refunded, payment error, in every PrestaShop as it is installed
SHIPPED: Final = "4"
ZONE: Final = "Europe/Paris"
FIELDS: Final = (
    Field("url", _("Address of the shop"), "url", _("As customers type it, for example https://shop.example.")),
    Field(
        "key", _("Key of the webservice"), "secret",
        _("In PrestaShop: Advanced parameters, Webservice. Trying the connection names the rights that are missing."),
    ),
    Field("zone", _("Time zone of the shop"), help=_("Left empty: Europe/Paris."), required=False),
    Field(
        "cancelled", _("Numbers of the statuses of cancelled orders"),
        help=_("Separated by commas. Left empty: 6, 7, 8, as PrestaShop is installed."), required=False,
    ),
    Field(
        "shipped", _("Number of the status of sent orders"),
        help=_("It is set when everything of an order has left. Left empty: 4; 0 sets none."), required=False,
    ),
)  # fmt: skip

RIGHTS: Final[Mapping[str, str]] = {  # what the key needs, by resource
    "orders": "get", "order_details": "get", "order_states": "get", "order_histories": "get post",
    "order_carriers": "get put", "addresses": "get", "countries": "get", "states": "get", "customers": "get",
    "carriers": "get", "currencies": "get", "languages": "get", "messages": "get", "products": "get",
    "combinations": "get", "customizations": "get", "stock_availables": "get put",
}  # fmt: skip
