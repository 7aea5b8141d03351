from collections.abc import Iterable, Sequence

from colisage.automation.actions.apply_rules import apply_rules
from colisage.automation.actions.watch_orders import watch_orders
from colisage.disruptions.actions.meet_disruptions import meet_disruptions
from colisage.orders.events import OrderAccepted, OrderChanged
from colisage.sourcing.actions.source_orders import source_orders


def judge_and_source(events: Sequence[OrderAccepted | OrderChanged]) -> None:
    """Look at orders that came in or were changed (duplicates, risk, the merchant's rules), then choose their nodes.

    In one transaction: what has to wait, be it for a disruption, is held before there is anything to pick. History is
    left alone.
    """
    accepted = [e for e in events if isinstance(e, OrderAccepted) and not e.quiet]
    changed = [e for e in events if isinstance(e, OrderChanged)]
    if accepted:
        watch_orders(_merchants(accepted))
    for moment, those in (("accepted", accepted), ("changed", changed)):
        if those:
            apply_rules(_merchants(those), moment=moment)
    found = _merchants([*accepted, *changed])
    if source_orders(found):
        apply_rules(found, moment="sourced")
    meet_disruptions(found)


def _merchants(events: Iterable[OrderAccepted | OrderChanged]) -> dict[int, int]:
    return {event.order_id: event.merchant_id for event in events}
