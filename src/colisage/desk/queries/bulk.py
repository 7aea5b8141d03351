"""What may be done with many orders at once, and how its answers are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext_lazy

from colisage.kit.errors import Refused

MOST: Final = 500  # orders of one request
NAMED: Final = 8  # of the same refusal; the others are counted


@dataclass(frozen=True, slots=True)
class Bulk:
    """One thing to do with many orders: its button, its heading, what it does, what is said when it is done."""

    verb: str | Promise
    icon: str
    title: Any
    means: str | Promise
    done: Any


BULK: Final[Mapping[str, Bulk]] = {
    "hold": Bulk(
        gettext_lazy("Hold"), "pause", ngettext_lazy("Hold %(n)s order", "Hold %(n)s orders", "n"),
        gettext_lazy("Nothing is picked and no label is bought until the hold is released."),
        ngettext_lazy("%(n)s order waits.", "%(n)s orders wait.", "n"),
    ),
    "release": Bulk(
        gettext_lazy("Release the holds"), "check",
        ngettext_lazy("Release the holds of %(n)s order", "Release the holds of %(n)s orders", "n"),
        gettext_lazy("Every hold goes, whatever its kind: they are prepared and sent."),
        ngettext_lazy("%(n)s order waits no more.", "%(n)s orders wait no more.", "n"),
    ),
    "tag": Bulk(
        pgettext_lazy("verb", "Tag"), "plus", ngettext_lazy("Tag %(n)s order", "Tag %(n)s orders", "n"),
        gettext_lazy("Tags find orders again in this list, and your rules read them."),
        ngettext_lazy("%(n)s order is tagged.", "%(n)s orders are tagged.", "n"),
    ),
    "untag": Bulk(
        gettext_lazy("Untag"), "x", ngettext_lazy("Take tags off %(n)s order", "Take tags off %(n)s orders", "n"),
        gettext_lazy("Tags find orders again in this list, and your rules read them."),
        ngettext_lazy("%(n)s order lost the tag.", "%(n)s orders lost the tag.", "n"),
    ),
    "together": Bulk(
        gettext_lazy("Send in one parcel"), "box",
        ngettext_lazy("Send %(n)s order in one parcel", "Send %(n)s orders in fewer parcels", "n"),
        gettext_lazy(
            "Those of one customer that go to one address are packed and labelled as one. Each shop hears of its own "
            "order. While nothing is picked it can be undone on the order’s page."
        ),
        ngettext_lazy("%(n)s order goes with another.", "%(n)s orders go with others.", "n"),
    ),
    "cancel": Bulk(
        gettext_lazy("Cancel the orders"), "stop", ngettext_lazy("Cancel %(n)s order", "Cancel %(n)s orders", "n"),
        gettext_lazy(
            "Their stock is free again at once. This cannot be undone. What is being prepared is not cancelled: you "
            "are told which."
        ),
        ngettext_lazy("%(n)s order is cancelled.", "%(n)s orders are cancelled.", "n"),
    ),
}  # fmt: skip


def buttons() -> list[dict[str, Any]]:
    """Give the buttons of the bar above the list."""
    return [{"name": name, "label": bulk.verb, "icon": bulk.icon} for name, bulk in BULK.items()]


def answers(bulk: Bulk, became: Mapping[int, Refused | bool], *, numbers: Mapping[int, str]) -> list[tuple[str, str]]:
    """Say what became of orders, as (tone, sentence): how many are done, were so before, and are refused and why."""
    done = sum(answer is True for answer in became.values())
    same = sum(answer is False for answer in became.values())
    told = [("success", str(bulk.done % {"n": done}))] if done else []
    if same:
        words = ngettext("%(n)s order was like that before.", "%(n)s orders were like that before.", same)
        told.append(("info", words % {"n": same}))
    why: dict[str, list[tuple[int, Refused]]] = {}
    for pk, answer in became.items():
        if isinstance(answer, Refused):
            why.setdefault(answer.code, []).append((pk, answer))
    return told + [("error", _refusal(refused, numbers)) for refused in why.values()]


def _refusal(refused: list[tuple[int, Refused]], numbers: Mapping[int, str]) -> str:
    (first, answer), *others = refused
    told = str(answer)
    if "number" not in answer.places:
        told = f"{numbers[first]}: {told}" if first in numbers else told
    named = ", ".join(numbers[pk] for pk, _answer in others[:NAMED] if pk in numbers)
    if named and len(others) > NAMED:
        more = len(others) - NAMED
        words = ngettext(
            "%(why)s The same for %(numbers)s and %(n)s other.", "%(why)s The same for %(numbers)s and %(n)s others.",
            more,
        )  # fmt: skip
        return words % {"why": told, "numbers": named, "n": more}
    return _("%(why)s The same for %(numbers)s.") % {"why": told, "numbers": named} if named else told
