"""Telling a shop what it has to know: one errand after the other, outside any transaction."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from colisage.catalog.queries import skus_by_id
from colisage.connectors.actions.answer_request import NotYet, answer_request
from colisage.connectors.actions.note_health import note_health
from colisage.connectors.actions.note_requests import note_requests
from colisage.connectors.calls import understood
from colisage.connectors.models import Connection, Errand
from colisage.connectors.ports import Access, Answering, Shop, ShopRefused, ShopSilent, StockTold
from colisage.connectors.queries.connections import UNSOLD, access_of, shop_called
from colisage.connectors.queries.shipments import hold_told, shipment_told
from colisage.intake.actions.keep_messages import keep_messages
from colisage.inventory.queries.channels import published_of
from colisage.network.queries import channel_facts

AT_ONCE = 100
PAUSE, LONGEST, SOON = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=20)
# The shop understood, and will say the same again: a person decides. Everything else is tried again by itself.
FINAL = frozenset({UNSOLD, "strange_answer", "said_no"})


def run_errands(connection_id: int) -> int:
    """Run the errands of a connection that are due; give how many were done.

    One whose outcome is not known is asked about before it is told again. When the shop does not answer at all, the
    others wait as well. Stock comes last: what is wrong with it keeps no parcel waiting.
    """
    found = Connection.objects.select_related("channel").get(pk=connection_id)
    done = 0
    while found.active and (due := _due(found)):
        stock = [one for one in due if one.kind == "stock"]
        try:
            shop, access = shop_called(found.connector), access_of(found)
            for one in due:
                if one.kind != "stock":
                    done += _run(found, shop, access, one)
            done += _tell_stock(found, shop, access, stock) if stock else 0
        except ShopRefused as fault:
            note_health(found.pk, fault=fault, door="told")
            return done
        note_health(found.pk, fault=None, door="told")
    return done


def _due(found: Connection) -> list[Errand]:
    """Give the next errands, those of stock last: a shop may have to be told of all its products."""
    rows = Errand.objects.filter(connection=found, state__in=["waiting", "unknown"], next_try_at__lte=timezone.now())
    rows = rows.order_by("next_try_at", "pk")
    first = list(rows.exclude(kind="stock")[:AT_ONCE])
    return first + list(rows.filter(kind="stock")[: AT_ONCE - len(first)])


def _run(found: Connection, shop: Shop, access: Access, errand: Errand) -> int:
    """Run one errand; raises `ShopRefused` when there is no point in going on with the others."""
    again = errand.state == "unknown" or errand.tries > 0
    Errand.objects.filter(pk=errand.pk).update(
        state="unknown", tries=errand.tries + 1
    )  # before the call: it may be our last
    errand.tries += 1
    try:
        with understood():
            _do(found, shop, access, errand, again=again)
    except NotYet:
        Errand.objects.filter(pk=errand.pk).update(state="waiting", next_try_at=timezone.now() + SOON)
        return 0
    except ShopSilent as fault:
        _again(errand, state="unknown", fault=fault)
        raise
    except ShopRefused as fault:
        if fault.code in FINAL:
            _end(errand, state="refused", detail=f"{fault.code}: {fault.detail}")
            return 0
        _again(errand, state="waiting", fault=fault)
        raise
    _end(errand, state="done")
    return 1


def _do(found: Connection, shop: Shop, access: Access, errand: Errand, *, again: bool) -> None:
    if errand.kind == "shipment":
        shop.tell_shipment(access, told=shipment_told(errand.key, order_id=errand.order_id or 0), again=again)
    elif errand.kind == "request" and isinstance(shop, Answering):
        answer_request(found, shop, access, errand)
    elif errand.kind == "hold" and isinstance(shop, Answering):
        told = hold_told(int(errand.key))
        shop.tell_hold(access, external_ref=told.external_ref, kind=told.kind, words=told.words)
    else:
        arrived = shop.order(access, external_ref=errand.key)
        keep_messages(
            found.merchant_id, channel_id=found.channel_id, connector=found.connector, via="poll", arrived=arrived
        )
        note_requests(found, arrived)


def _tell_stock(found: Connection, shop: Shop, access: Access, errands: Sequence[Errand]) -> int:
    """Tell the quantities of this moment, those that differ from what was told last.

    A product that the shop does not sell is nothing to decide about: it is told again when its stock changes.
    """
    stock = _stock(found, errands)
    said: Mapping[str, str] = {}
    if stock:
        Errand.objects.filter(pk__in=stock).update(state="unknown")
        try:
            said = _said(shop, access, list(stock.values()))
        except ShopRefused as fault:
            for one in errands:
                _again(one, state="waiting", fault=fault)  # setting a quantity twice is harmless
            raise
    for one in errands:
        told = stock.get(one.pk)
        if told is not None and told.sku in said:
            unsold = said[told.sku].partition(":")[0] == UNSOLD
            _end(one, state="dropped" if unsold else "refused", detail=said[told.sku])
            continue
        if told is not None:
            one.payload = {**one.payload, "told": told.quantity}
        _end(one, state="done")
    return len(errands) - len(said)


def _said(shop: Shop, access: Access, stock: Sequence[StockTold]) -> dict[str, str]:
    """Tell quantities; give what the shop said about those it did not take, by SKU.

    When it refuses every one of several, it is no fault of theirs: raises `ShopRefused`.
    """
    said, faults = _halved(shop, access, stock)
    if len(faults) == len(stock) > 1:
        raise faults[stock[0].sku]
    for sku, fault in faults.items():  # that it does not sell it, a shop does not say in this way
        said[sku] = f"{'strange_answer' if fault.code == UNSOLD else fault.code}: {fault.detail}"
    return said


def _halved(shop: Shop, access: Access, stock: Sequence[StockTold]) -> tuple[dict[str, str], dict[str, ShopRefused]]:
    """Tell quantities, in halves where the shop refuses them together: one it has something against stops no other."""
    try:
        with understood():
            return dict(shop.tell_stock(access, stock=stock)), {}
    except ShopRefused as fault:
        if fault.code not in FINAL or isinstance(fault, ShopSilent):
            raise
        if len(stock) == 1:
            return {}, {stock[0].sku: fault}
    half = len(stock) // 2
    first, second = (_halved(shop, access, some) for some in (stock[:half], stock[half:]))
    return first[0] | second[0], first[1] | second[1]


def _stock(found: Connection, errands: Sequence[Errand]) -> dict[int, StockTold]:
    """Give, by errand, the quantities that are news to the shop; what is not counted is not told."""
    channel = channel_facts([found.channel_id]).get(found.channel_id)
    if channel is None:
        return {}
    skus = skus_by_id(found.merchant_id, ids=[int(one.key) for one in errands])
    published = published_of(channel, sku_ids=list(skus))
    stock = {}
    for one in errands:
        sku, before = skus.get(int(one.key)), one.payload.get("told")
        units = published[sku.id].units if sku is not None and sku.id in published else None
        if sku is not None and units is not None and before != max(units, 0):
            stock[one.pk] = StockTold(sku.code, max(units, 0), before, key=f"{one.pk}-{one.tries}")
    return stock


@transaction.atomic
def _end(errand: Errand, *, state: str, detail: str = "") -> None:
    """Close an errand, unless the fact changed again while the shop was being told: then it stays open."""
    row = Errand.objects.select_for_update(no_key=True).get(pk=errand.pk)
    row.payload, row.detail = errand.payload, detail[:300]
    if row.next_try_at == errand.next_try_at:
        row.state, row.done_at = state, timezone.now()
    else:
        row.state, row.tries = "waiting", 0
    row.save()


def _again(errand: Errand, *, state: str, fault: ShopRefused) -> None:
    pause = min(LONGEST, PAUSE * 2 ** min(errand.tries, 8))
    Errand.objects.filter(pk=errand.pk).update(
        state=state, detail=f"{fault.code}: {fault.detail}"[:300], next_try_at=timezone.now() + pause
    )
