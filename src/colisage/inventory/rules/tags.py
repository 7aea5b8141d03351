"""A read of tags against the books: what is missing, what is too many, and what is nobody's here."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed, Refused

HOST = re.compile(r"[A-Za-z0-9.\-:]{1,120}")  # a name or an address, nothing else
MOST_TAGS = 50_000
MOST_STRANGERS = 200


class NoTags(Malformed):
    """Nothing was sent that could be a tag."""

    code = "no_tags"
    text = _("There is no tag in it. Send one EPC in hexadecimal, or one EPC URI, per line.")


class TooManyTags(Malformed):
    """More than one place holds."""

    code = "too_many_tags"
    text = _("At most %(most)s reads at once.")


class NotAHost(Malformed):
    """A reader has an address in the network."""

    code = "not_a_host"
    text = _("Type a host name or an IP address.")


class ReadIsOver(Refused):
    """The read was handed to a count or put aside before."""

    code = "read_is_over"
    text = _("This read was dealt with already.")


class NothingDiffers(Refused):
    """Every unit was seen: there is nothing to count."""

    code = "nothing_differs"
    text = _("The read agrees with the books: there is nothing to count.")


@dataclass(frozen=True, slots=True)
class Goods:
    """What is compared: a SKU of a merchant, or one serial of it."""

    merchant_id: int
    sku_id: int
    serial: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag that was read: `known` goods with the units it stands for, or `unit`, `unknown`, `unreadable`."""

    text: str
    standing: str
    choices: tuple[tuple[int, int, int], ...] = ()  # SKU, merchant, units: several when merchants share a GTIN
    serial: str = ""
    name: str = ""  # the EPC as a URI, for people


@dataclass(frozen=True, slots=True)
class Compared:
    """The outcome: (expected, seen) of each goods, and the tags that are nobody's goods here."""

    lines: dict[Goods, tuple[int, int]]
    strangers: list[Tag]
    counts: Counter[str] = field(default_factory=Counter)


def split_tags(text: str) -> list[str]:
    """Give the tags of a text, one a line (or parted by commas, semicolons or blanks), as they stand there."""
    found = [piece.strip("\"'") for piece in text.replace(",", " ").replace(";", " ").split()]
    found = [piece[:120] for piece in found if len(piece) > 8]
    if not found:
        raise NoTags
    if len(found) > MOST_TAGS:
        raise TooManyTags(most=MOST_TAGS)
    return found


def compare(expected: Mapping[Goods, int], *, tags: Iterable[Tag]) -> Compared:
    """Compare tags (each given once) with what the books expect in a place.

    Goods of which the books know serials are compared serial by serial, others by number. A GTIN that several merchants
    share is taken for the one whose goods lie there; where none does, it is a stranger.
    """
    serial_skus = {goods.sku_id for goods in expected if goods.serial}
    owners = {goods.sku_id: goods.merchant_id for goods in expected}
    seen: Counter[Goods] = Counter()
    strangers = []
    counts: Counter[str] = Counter()
    for tag in tags:
        choice = _choose(tag.choices, owners=owners)
        if tag.standing != "known" or choice is None:
            strangers.append(tag)
            counts["unknown" if tag.standing == "known" else tag.standing] += 1
            continue
        sku, merchant, units = choice
        serial = tag.serial if sku in serial_skus else ""
        seen[Goods(merchant, sku, serial)] += units
    lines = {goods: (expected.get(goods, 0), seen[goods]) for goods in {**expected, **seen}}
    return Compared(lines, strangers, counts)


def _choose(choices: Sequence[tuple[int, int, int]], *, owners: Mapping[int, int]) -> tuple[int, int, int] | None:
    if len(choices) == 1:
        return choices[0]
    here = [choice for choice in choices if choice[0] in owners]
    return here[0] if len(here) == 1 else None
