"""The words of GS1's Core Business Vocabulary, for people."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STEPS: Final[Mapping[str, str | Promise]] = {
    "accepting": _("accepted"),
    "arriving": _("arrived"),
    "assembling": pgettext_lazy("EPCIS", "assembled"),
    "commissioning": _("brought into being"),
    "cycle_counting": _("counted"),
    "decommissioning": _("taken out of use"),
    "departing": _("departed"),
    "destroying": _("destroyed"),
    "disassembling": pgettext_lazy("EPCIS", "taken apart"),
    "dispensing": _("given away"),
    "encoding": _("tag written"),
    "holding": _("held back"),
    "inspecting": _("inspected"),
    "loading": _("loaded"),
    "other": _("something else"),
    "packing": _("packed"),
    "picking": _("picked"),
    "receiving": _("received"),
    "repackaging": _("packed anew"),
    "repairing": _("repaired"),
    "retail_selling": _("sold in a shop"),
    "sampling": _("sampled"),
    "shipping": _("shipped"),
    "stock_taking": _("stock taken"),
    "storing": _("stored"),
    "transporting": pgettext_lazy("EPCIS", "on the road"),
    "unloading": _("unloaded"),
    "unpacking": _("unpacked"),
}
DISPOSITIONS: Final[Mapping[str, str | Promise]] = {
    "active": pgettext_lazy("EPCIS", "in use"),
    "damaged": _("damaged"),
    "destroyed": _("destroyed"),
    "dispensed": _("given away"),
    "expired": _("expired"),
    "in_progress": _("being worked on"),
    "in_transit": pgettext_lazy("EPCIS", "on its way"),
    "inactive": _("out of use"),
    "non_sellable_other": _("not for sale"),
    "recalled": _("recalled"),
    "returned": _("returned"),
    "sellable_accessible": _("for sale, on the shelf"),
    "sellable_not_accessible": _("for sale, in store"),
    "stolen": _("stolen"),
    "unavailable": _("not available"),
    "unknown": _("not known"),
}


def said(word: str, *, among: Mapping[str, str | Promise]) -> str:
    """Give the word for people; one that is not in the vocabulary stays as it came, its last part."""
    bare = word.rsplit("/", 1)[-1].rsplit(":", 1)[-1].removeprefix("BizStep-").removeprefix("Disp-")
    return str(among.get(bare, bare))
