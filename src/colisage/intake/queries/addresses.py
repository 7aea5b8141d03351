"""Addresses that may be wrong, and the communes they are compared with."""

import gzip
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from colisage.intake.models import AddressCheck
from colisage.intake.ports import DraftAddress
from colisage.intake.rules import address_faults
from colisage.intake.rules.addresses import Communes, folded
from colisage.orders.queries import hold_reason

PARTS: Final = ("line1", "line2", "postcode", "city", "region", "country")
_FILE: Final = Path(__file__).parent.parent / "data" / "communes_fr.csv.gz"


@cache
def communes() -> Communes:
    """Read the communes of France by postcode, once in a process."""
    by_postcode: dict[str, tuple[str, ...]] = {}
    by_name: dict[str, list[str]] = defaultdict(list)
    with gzip.open(_FILE, "rt", encoding="utf-8") as file:
        for line in file:
            postcode, *names = line.rstrip("\n").split(";")
            by_postcode[postcode] = tuple(sorted({folded(name) for name in names}))
            for name in by_postcode[postcode]:
                by_name[name].append(postcode)
    return Communes(by_postcode, dict(by_name))


@dataclass(frozen=True, slots=True)
class Found:
    """What was found about an order's address and nobody has settled yet, for people."""

    id: int
    order_id: int
    faults: tuple[str, ...]
    before: tuple[str, ...]  # the parts that would change, as they are
    after: tuple[str, ...]  # and as they would be; empty when nothing is suggested


def address_check(merchant_id: int, *, order_id: int) -> Found | None:
    """Give what was found about the address of an order and nobody has settled yet."""
    rows = AddressCheck.objects.filter(merchant_id=merchant_id, order_id=order_id, state="open")
    row = rows.select_related("order").first()
    if row is None or (row.looked_at, row.phone_looked_at) != (row.order.ship_to, row.order.phone):
        return None  # what was changed since is judged in a moment
    written = {**(row.order.ship_to or {}), "called": row.order.phone}
    meant = {**(row.suggestion or written), "called": row.phone or row.order.phone}
    differ = [name for name in (*PARTS, "called") if str(meant.get(name, "")) != str(written.get(name, ""))]
    return Found(
        row.pk,
        order_id,
        tuple(str(hold_reason(code)) for code in row.faults),
        tuple(str(written.get(name) or "—") for name in differ),
        tuple(str(meant.get(name, "")) for name in differ),
    )


def missing_of(address: Mapping[str, str]) -> list[str]:
    """Say what an address to which a parcel shall go lacks, for people: a name, a town, a postcode of its country."""
    parts = {part: address.get(part, "") for part in DraftAddress.__struct_fields__}
    return [str(hold_reason(code)) for code in address_faults(DraftAddress(**parts))]
