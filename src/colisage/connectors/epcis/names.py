"""What names that are asked for, or that partners send, stand for among a merchant's own things."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from colisage.catalog.queries import skus_by_code
from colisage.catalog.queries.numbering import company_prefixes
from colisage.catalog.queries.tags import goods_of_gtins
from colisage.connectors.epcis.identities import Named, Namer
from colisage.kit.statements import rows, statement
from colisage.network.queries.nodes import glns_serving
from colisage.people.queries import Party

Lot = tuple[int, str, bool]  # SKU, code of the lot, whether it is a serial


@dataclass(frozen=True, slots=True)
class Meant:
    """What names stand for. `parents` are the names of units and parcels as our events write them."""

    names: frozenset[str]
    skus: frozenset[int] = field(default=frozenset())
    lots: frozenset[Lot] = field(default=frozenset())
    plates: frozenset[str] = field(default=frozenset())
    parcels: frozenset[int] = field(default=frozenset())
    parents: frozenset[str] = field(default=frozenset())


def namer_of(merchant: Party) -> Namer:
    """Give the one who names a merchant's things."""
    prefixes = frozenset(company_prefixes([merchant.id]).values())
    return Namer(settings.COLISAGE_URL, merchant.slug, prefixes, glns_serving(merchant.id))


def skus_named(merchant_id: int, *, named: Collection[Named]) -> dict[Named, int]:
    """Give the SKU that each name stands for, in two statements; what is foreign has none."""
    gtins = goods_of_gtins([merchant_id], gtins={n.gtin for n in named if n.gtin})
    codes = {n.sku for n in named if n.sku and "\x00" not in n.sku}
    own = skus_by_code(merchant_id, codes=codes) if codes else {}
    found = {}
    for name in named:
        single = [sku for sku, _merchant, units in gtins.get(name.gtin, ()) if units == 1] if name.gtin else []
        if single:
            found[name] = single[0]
        elif name.sku.upper() in own:
            found[name] = own[name.sku.upper()].id
    return found


def meant_by(merchant_id: int, *, names: Iterable[str], namer: Namer) -> Meant:
    """Say what names stand for among a merchant's own things."""
    told = {uri: namer.read(uri) for uri in names}
    skus = skus_named(merchant_id, named=set(told.values()))
    goods = [(one, skus[one]) for one in told.values() if one in skus]
    parcels = _parcels(merchant_id, {one.number for one in told.values() if one.kind == "parcel"})
    plates = {one.code for one in told.values() if one.kind in {"plate", "sscc"} and "\x00" not in one.code}
    return Meant(
        names=frozenset(told),
        skus=frozenset(sku for one, sku in goods if not one.lot and not one.serial),
        lots=frozenset((sku, one.serial or one.lot, bool(one.serial)) for one, sku in goods if one.lot or one.serial),
        plates=frozenset(plates),
        parcels=frozenset(parcels.values()),
        parents=frozenset({*(namer.unit(code) for code in plates), *(namer.parcel(*number) for number in parcels)}),
    )


def _parcels(merchant_id: int, numbers: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    if not numbers:
        return {}
    with connection.cursor() as db:
        wanted = rows([{"part": part, "number": number} for part, number in sorted(numbers)])
        db.execute(statement("connectors", "epcis_parcels"), {"wanted": wanted, "merchant": merchant_id})
        return {(part, number): pk for part, number, pk in db.fetchall()}
