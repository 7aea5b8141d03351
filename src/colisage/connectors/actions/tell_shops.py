"""What shops have to be told, written down in the transaction of the fact: the network comes later."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils import timezone

from colisage.connectors.actions.run_soon import run_soon
from colisage.connectors.models import Connection, Errand
from colisage.connectors.queries.connections import answering_shops, asked_shops
from colisage.connectors.queries.shipments import THEIRS
from colisage.intake.events import OrderAskedFor
from colisage.inventory.events import PublishedChanged
from colisage.kit.once import insert_once, insert_or_change
from colisage.orders.events import OrderFreed, OrderHeld
from colisage.orders.queries import channels_of_orders
from colisage.orders.queries.together import heads_of
from colisage.shipping.events import ShipmentHandedOver

ONE: Final = ("connection_id", "kind", "key")  # errand

Told = ShipmentHandedOver | PublishedChanged | OrderAskedFor | OrderHeld | OrderFreed


def tell_shops(events: Sequence[Told]) -> None:
    """Write errands: shipments that left, SKUs of which another quantity may be sold, orders to be asked for, holds.

    Only for channels that are connected. The same shipment is told once; a SKU that changes again before it was told is
    told once, with the quantity of that moment. What a shop that is switched off missed waits until it is on again;
    of stock it is told everything then.
    """
    told = Connection.objects.filter(merchant_id__in={e.merchant_id for e in events}, connector__in=asked_shops())
    connections = {c.channel_id: c for c in told.order_by("pk")}
    if not connections:
        return
    left = [e for e in events if isinstance(e, ShipmentHandedOver)]
    held = [e for e in events if isinstance(e, OrderHeld | OrderFreed)]
    channel_of = channels_of_orders({e.order_id for e in (*left, *held)})
    heads = heads_of({e.fulfillment_order_id for e in left})
    wanted: dict[tuple[int, str, str], Errand] = {}
    for event in events:
        for channel, kind, key, order in _errands(
            event, channel_of=channel_of, heads=heads, connections=connections.values()
        ):
            if (found := connections.get(channel)) is not None:
                errand = Errand(
                    merchant_id=found.merchant_id, connection_id=found.pk, kind=kind, key=key[:80], order_id=order
                )
                wanted[found.pk, kind, key] = errand
    _write(list(wanted.values()))
    run_soon({errand.connection_id for errand in wanted.values()})


def _errands(
    event: Told,
    *,
    channel_of: dict[int, int],
    heads: dict[int, int],
    connections: Iterable[Connection],
) -> Iterable[tuple[int, str, str, int | None]]:
    """Give (channel, kind, key, order) of what an event makes necessary."""
    if isinstance(event, ShipmentHandedOver):
        if event.order_id in channel_of:
            guest = heads.get(event.fulfillment_order_id) != event.fulfillment_order_id  # in another order's parcel
            key = f"{event.shipment_id}:{event.order_id}" if guest else str(event.shipment_id)
            yield channel_of[event.order_id], "shipment", key, event.order_id
    elif isinstance(event, OrderHeld | OrderFreed):
        channel = channel_of.get(event.order_id, 0)
        theirs = isinstance(event, OrderHeld) and event.kind in THEIRS
        told = {one.channel_id for one in connections if one.connector in answering_shops()} if not theirs else ()
        if channel in told:
            yield channel, "hold", str(event.order_id), event.order_id
    elif isinstance(event, OrderAskedFor):
        yield event.channel_id, "order", event.ref, None
    else:
        for one in connections:
            if one.active and one.merchant_id == event.merchant_id:
                yield from ((one.channel_id, "stock", str(sku), None) for sku in event.sku_ids)


def _write(errands: Sequence[Errand]) -> None:
    """Write errands; one that was run before is opened again, unless it tells of a shipment: that is told once."""
    by_kind: dict[bool, list[Errand]] = defaultdict(list)
    for errand in errands:
        by_kind[errand.kind == "shipment"].append(errand)
    insert_once(by_kind[True], by=ONE)
    now = timezone.now()
    for errand in by_kind[False]:
        errand.next_try_at = now
    insert_or_change(
        by_kind[False],
        by=ONE,
        change=["state", "tries", "next_try_at"],
    )
