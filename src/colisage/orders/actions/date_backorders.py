"""Saying when what is owed will be here: looked at whenever what comes, or who waits for it, has changed."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from colisage.inbound.events import IncomingChanged
from colisage.inventory.events import PreorderChanged, ReservationDemoted, TurnsChanged, WaitingServed
from colisage.inventory.queries.owed import ended_skus, owed_skus, owners_by_sku, queued_of
from colisage.kit.statements import statement
from colisage.network.queries.disruptions import disruptions_by_id
from colisage.orders.actions.keep_days import keep_days
from colisage.orders.actions.reckon_queues import reckon_queues
from colisage.orders.events import OrderAccepted, OrderCancelled, OrderChanged
from colisage.orders.models import Backorder, OrderLine

_Sku = IncomingChanged | PreorderChanged | TurnsChanged | WaitingServed | ReservationDemoted
Heard = _Sku | OrderAccepted | OrderChanged | OrderCancelled


@transaction.atomic
def date_backorders(events: Sequence[Heard]) -> None:
    """Say anew when what is owed is expected, of the SKUs that these events are about.

    Who is served first is told what comes first. Accepted orders stand at the end of their queues: they take what is
    left behind the last, whoever he is. A line that is owed nothing any more has no day any more. Each change is told,
    and written with the day before; the customer's turn is kept with it. The number of statements does not depend on
    the number of events; the same events again change nothing.
    """
    accepted = _lines(e.order_id for e in events if isinstance(e, OrderAccepted) and not e.quiet)
    touched = _lines(e.order_id for e in events if isinstance(e, OrderChanged | OrderCancelled))
    touched |= {
        e.owner_id for e in events if isinstance(e, WaitingServed | ReservationDemoted) and e.owner_kind == "order_line"
    }
    skus = {e.sku_id for e in events if isinstance(e, _Sku)}
    if touched:
        skus |= owed_skus("order_line", touched) | ended_skus("order_line", touched)
    joined = queued_of("order_line", accepted) if accepted else []
    heard = accepted | touched
    rows = Backorder.objects.filter(order_line__in=heard)
    if not (skus or joined or rows.exists()):
        return
    merchants = {e.merchant_id for e in events if e.merchant_id}
    with connection.cursor() as db:  # one at a time looks at a merchant: the last has seen what the others wrote
        db.execute(statement("orders", "lock_dates"), [sorted(merchants)])
    dated = set(rows.values_list("order_line_id", flat=True))
    said = reckon_queues(skus, joined=joined, dated=dated, merchant_ids=merchants)
    gone = dated.difference(said, (one.owner[1] for one in joined))
    Backorder.objects.filter(order_line__in=gone).delete()
    new = {e.order_id for e in events if isinstance(e, OrderAccepted)}
    causes = _causes(events)
    silent = {pk for pk, one in disruptions_by_id(set(causes.values())).items() if not one.tells} if causes else set()
    keep_days(said, heard=heard - gone, new=new, causes=causes, silent=silent)


def _lines(order_ids: Iterable[int]) -> set[int]:
    wanted = set(order_ids)
    return set(OrderLine.objects.filter(order__in=wanted).values_list("pk", flat=True)) if wanted else set()


def _causes(events: Sequence[Heard]) -> dict[int, int]:
    """Give the disruption because of which what lines are owed comes on another day, where one is the reason."""
    disrupted = {e.sku_id: e.disruption_id for e in events if isinstance(e, IncomingChanged) and e.disruption_id}
    owners = owners_by_sku(disrupted, owner_kind="order_line") if disrupted else {}
    return {line: disruption for sku, disruption in disrupted.items() for line in owners.get(sku, ())}
