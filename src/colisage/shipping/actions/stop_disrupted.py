from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from colisage.carriers.queries import services_by_id
from colisage.network.queries.disruptions import Disruption, active_disruptions, active_for
from colisage.orders.actions.hold_disrupted import hold_disrupted
from colisage.shipping.problem import Case, cases_of, choices_of, concerns, kept_away, packed_parts


@transaction.atomic
def stop_disrupted(fulfillment_order_ids: Collection[int]) -> None:
    """Hold the orders of packed parts for which no label may be bought now: a disruption that holds stops them.

    Only at the label is it known who carries, and nothing that slipped by goes further. To be called before parts are
    locked: orders are locked first.
    """
    if not active_disruptions():
        return
    now = timezone.now()
    cases = cases_of(packed_parts(fulfillment_order_ids), now=now)
    choices = choices_of(cases, on=now.date())
    chosen = {pk: choice.chosen.service_id for pk, choice in choices.items() if choice.chosen}
    services = services_by_id(set(chosen.values()))
    left = [case for case in cases if case.part.id not in chosen]
    away = kept_away(left, on=now.date()) if left else {}
    for merchant, disruptions in sorted(active_for({case.part.merchant_id for case in cases}).items()):
        for disruption in disruptions:
            stopped = [
                case.order.pk
                for case in cases
                if case.part.merchant_id == merchant
                and _stops(
                    disruption,
                    case,
                    services[chosen[case.part.id]].carrier_code if case.part.id in chosen else "",
                    away=away.get(case.part.id, frozenset()),
                )
            ]
            hold_disrupted(merchant, order_ids=stopped, disruption=disruption)


def _stops(disruption: Disruption, case: Case, carrier: str, *, away: Collection[str]) -> bool:
    """Say whether a disruption stops a case that this carrier would take (none: nobody takes it).

    `away` are the carriers that would take it if they were not avoided: what nobody takes anyway waits for nobody.
    """
    if disruption.effect == "redate" or not concerns(disruption, case):
        return False
    if disruption.kind == "node":
        return case.part.node_id == disruption.node_id
    if disruption.effect == "reroute":  # the carrier is left out already: what nobody else takes waits for it
        return disruption.carrier in away
    return disruption.kind in {"carrier", "lane"} and disruption.carrier in {"", carrier}
