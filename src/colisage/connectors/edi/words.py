"""What can be wrong with an interchange, for people and for the partner's machine."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAULTS: Final[Mapping[str, Promise]] = {
    "not_edi": _("This is no interchange: it begins neither with ISA nor with UNA or UNB."),
    "broken_head": _(
        "It begins as an interchange does, but that segment breaks off or lacks elements: an ISA has 16, and a UNA six "
        "signs. Ask for it to be sent again."
    ),
    "bad_separators": _(
        "The signs by which its ISA or UNA says it is cut are missing, the same twice, or letters: they are read from "
        "behind the 16th element of the ISA."
    ),
    "truncated": _("It breaks off before its end. Ask for it to be sent again."),
    "out_of_order": _("A segment stands where it cannot: a group or a message was not begun, or not ended."),
    "wrong_counts": _("The count at its end is not what it holds."),
    "wrong_numbers": _("Its number at the end is another than at the beginning."),
    "number_used_before": _("This sender used the same number for something else before."),
    "not_for_us": _("It is addressed to somebody else than the identifier given for this connection."),
    "unknown_sender": _("Its sender is not among the partners given for this connection."),
    "number_twice": _("Two of its messages have the same number."),
    "no_message": _("There is nothing in it."),
}
# What a message is refused for at the door: it cannot be read. Other reasons are for a person here, not for a machine.
SYNTAX: Final = frozenset({
    "wrong_counts", "wrong_numbers", "missing_field", "unreadable", "missing_order_ref", "bad_date", "bad_amount",
    "huge_amount", "bad_quantity", "negative_quantity", "zero_quantity", "huge_quantity", "unknown_currency",
    "missing_sku", "negative_amount", "wrong_sums",
})  # fmt: skip
# How TA1 (X12) and UCI (EDIFACT) call what is wrong with a whole interchange.
TA1: Final[Mapping[str, str]] = {
    "truncated": "023", "out_of_order": "022", "wrong_counts": "021", "wrong_numbers": "001",
    "number_used_before": "025", "not_for_us": "008", "unknown_sender": "006", "no_message": "021",
    "number_twice": "022",
}  # fmt: skip
UCI: Final[Mapping[str, str]] = {
    "truncated": "13", "out_of_order": "18", "wrong_counts": "29", "wrong_numbers": "28", "number_used_before": "26",
    "not_for_us": "23", "unknown_sender": "17", "no_message": "32", "number_twice": "26",
}  # fmt: skip
# A message that cannot be read: AK5 and UCM.
AK5: Final[Mapping[str, str]] = {"wrong_counts": "4", "wrong_numbers": "3", "not_an_order": "1"}
UCM: Final[Mapping[str, str]] = {
    "wrong_counts": "29",
    "wrong_numbers": "28",
    "not_an_order": "17",
    "missing_field": "13",
}
AK9: Final[Mapping[str, str]] = {"wrong_counts": "5", "wrong_numbers": "4"}
