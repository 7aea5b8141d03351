"""Whose goods RFID tags stand on: many at once, in one question."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from django.db import connection

from colisage.kit.gs1.digits import spellings
from colisage.kit.gs1.epc import Epc, read_epc
from colisage.kit.gs1.refusals import Unreadable
from colisage.kit.statements import rows, statement

Standing = Literal["known", "unit", "unknown", "unreadable"]
Found = tuple[int, int, int]  # SKU, merchant, units


@dataclass(frozen=True, slots=True)
class Tagged:
    """One tag: what it says, and what goods of ours it stands on.

    `known`: goods in the catalogue (`goods`; more than one when merchants share a GTIN). `unit`: a logistic unit, whose
    contents the licence plates know. `unknown`: goods that no merchant here has, whoever's prefix it is. `unreadable`:
    no number at all. Only `known` ones may ever be counted.
    """

    text: str
    standing: Standing
    epc: Epc | None = None
    goods: tuple[Found, ...] = ()

    @property
    def sku_id(self) -> int | None:
        """Give the SKU, unless nobody has it or several merchants do."""
        return self.goods[0][0] if len(self.goods) == 1 else None

    @property
    def units(self) -> int:
        """Give the units the tag stands for: of a case, those inside."""
        return self.goods[0][2] if self.goods else 0


def goods_of_tags(merchant_ids: Collection[int], *, epcs: Iterable[str]) -> dict[str, Tagged]:
    """Say what tags stand on; the keys are the texts as given, in hex or as URIs. One statement for any number."""
    told = {text: _epc(text) for text in epcs}
    numbers = {epc.gtin for epc in told.values() if epc and epc.gtin}
    found = goods_of_gtins(merchant_ids, gtins=numbers)
    return {text: _tagged(text, epc, found) for text, epc in told.items()}


def goods_of_gtins(merchant_ids: Collection[int], *, gtins: Collection[str]) -> dict[str, tuple[Found, ...]]:
    """Give the goods of GTINs (14 digits), however many zeros the catalogue leaves out: SKU, merchant, units."""
    if not gtins:
        return {}
    wanted = [{"code": code, "gtin": gtin} for gtin in sorted(gtins) for code in spellings(gtin)]
    found: dict[str, dict[Found, None]] = {}
    with connection.cursor() as db:
        db.execute(statement("catalog", "goods_of_numbers"), [rows(wanted), sorted(merchant_ids)])
        for gtin, sku, merchant, units in db.fetchall():
            found.setdefault(gtin, {})[sku, merchant, units] = None
    return {gtin: tuple(goods) for gtin, goods in found.items()}


def _epc(text: str) -> Epc | None:
    try:
        return read_epc(text)
    except Unreadable:
        return None


def _tagged(text: str, epc: Epc | None, found: dict[str, tuple[Found, ...]]) -> Tagged:
    if epc is None:
        return Tagged(text, "unreadable")
    if epc.scheme == "sscc":
        return Tagged(text, "unit", epc)
    goods = found.get(epc.gtin, ())
    return Tagged(text, "known" if goods else "unknown", epc, goods)
