from collections.abc import Iterable, Mapping, Sequence

from colisage.automation.actions.apply_rules import apply_rules
from colisage.automation.actions.watch_orders import watch_orders
from colisage.automation.queries import live_plans
from colisage.automation.queries.inserts import skus_put_in
from colisage.automation.rules.judging import Plan
from colisage.disruptions.actions.meet_disruptions import meet_disruptions
from colisage.orders.actions.add_inserts import add_inserts, claim_inserts
from colisage.orders.events import OrderAccepted, OrderChanged
from colisage.sourcing.actions.source_orders import source_orders


def judge_and_source(events: Sequence[OrderAccepted | OrderChanged]) -> None:
    """Look at orders that came in or were changed (duplicates, risk, the merchant's rules), then choose their nodes.

    In one transaction: what has to wait, be it for a disruption, is held before there is anything to pick, and what
    goes along is promised before anything is. History is left alone.
    """
    accepted = [e for e in events if isinstance(e, OrderAccepted) and not e.quiet]
    changed = [e for e in events if isinstance(e, OrderChanged)]
    if accepted:
        watch_orders(_merchants(accepted))
    found = _merchants([*accepted, *changed])
    live = live_plans(set(found.values()), moments=("accepted", "changed", "sourced")) if found else {}
    for moment, those in (("accepted", accepted), ("changed", changed)):
        if those:
            apply_rules(_merchants(those), moment=moment, live=live)
    inserts = claim_inserts(found) | _put_in_once_sourced(live)
    if source_orders(found, besides=inserts):
        apply_rules(found, moment="sourced", live=live)
    if inserts:
        add_inserts(found)
    meet_disruptions(found)


def _put_in_once_sourced(live: Mapping[int, Sequence[Plan]]) -> set[int]:
    """Give the SKUs that rules may put into orders whose node is chosen: they are locked with what sourcing moves."""
    return skus_put_in({pk: [p for p in plans if "sourced" in p.moments] for pk, plans in live.items()})


def _merchants(events: Iterable[OrderAccepted | OrderChanged]) -> dict[int, int]:
    return {event.order_id: event.merchant_id for event in events}
