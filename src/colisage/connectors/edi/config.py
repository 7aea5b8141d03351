"""What a person gives so that partners can send purchase orders."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.connectors.ports import Field

FIELDS: Final = (
    Field(
        "own", _("Our identifier"),
        help=_("As partners address us (ISA08, UNB receiver), such as a GLN. Left empty, it is not compared."),
        required=False,
    ),
    Field(
        "partners", _("Identifiers of the partners"),
        help=_("Who may send (ISA06, UNB sender), separated by commas. Left empty, whoever has the key may."),
        required=False,
    ),
    Field("currency", _("Currency"), help=_("Three letters, for orders that name none: EUR.")),
    Field("country", _("Country"), help=_("Two letters, for addresses that name none: FR."), required=False),
    Field(
        "key", _("Key of the door"), "secret",
        _("Optional: what a gateway sends as x-api-key or password. Without it only files are taken."),
        False,
    ),
)  # fmt: skip
