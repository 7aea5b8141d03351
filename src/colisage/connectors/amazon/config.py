"""What a person gives to connect an Amazon seller account."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.connectors.ports import Field

ENDPOINT: Final = "https://sellingpartnerapi-eu.amazon.com"
LOG_IN: Final = "https://api.amazon.com/auth/o2/token"
FIELDS: Final = (
    Field("seller", _("Number of the seller"), help=_("In Seller Central: account information, merchant token.")),
    Field(
        "marketplaces", _("Marketplaces"),
        help=_("Their identifiers, separated by commas: A13V1IB3VIYZZH is France, A1PA6795UKMFR9 Germany."),
    ),
    Field("client", _("Identifier of the app"), help=_("In Seller Central: develop apps, LWA credentials.")),
    Field("client_secret", _("Secret of the app"), "secret"),
    Field("refresh_token", _("Refresh token"), "secret", _("Given when the app is authorised for the account.")),
    Field(
        "notice_key", _("Key of the notifications"), "secret",
        _("Optional: what an EventBridge API destination sends as x-api-key with each change of an order."), False,
    ),
    Field("url", _("Address of the API"), "url", _("Left empty: Europe’s. Other regions have their own."), False),
    Field("log_in", _("Address of the log-in service"), "url", _("Left empty: Amazon’s."), False),
)  # fmt: skip

# How Amazon calls carriers that have a name of their own there; all others are told by name.
CARRIERS: Final[Mapping[str, str]] = {
    "colissimo": "Colissimo", "la poste": "La Poste", "chronopost": "Chronopost", "dpd": "DPD", "gls": "GLS",
    "mondial relay": "Mondial Relay", "ups": "UPS", "fedex": "FedEx", "dhl": "DHL", "tnt": "TNT",
    "colis prive": "Colis Prive", "relais colis": "Relais Colis", "geodis": "Geodis", "deutsche post": "Deutsche Post",
    "hermes": "Hermes", "royal mail": "Royal Mail", "usps": "USPS", "correos": "Correos", "bpost": "BPOST",
    "postnl": "PostNL", "sda": "SDA", "brt": "BRT", "poste italiane": "Poste Italiane", "seur": "SEUR",
}  # fmt: skip
OTHER: Final = "Other"
