"""Looking at the delivery addresses of orders, right after they came in or were changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields

from django.utils import timezone

from colisage.intake.models import AddressCheck
from colisage.intake.ports import DraftAddress
from colisage.intake.queries.addresses import communes
from colisage.intake.rules import address_faults
from colisage.intake.rules.addresses import Finding, check, phone_of
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderAccepted, OrderChanged
from colisage.orders.queries import OrderAddress, addresses_of, open_holds_of


def check_addresses(events: Sequence[OrderAccepted | OrderChanged]) -> None:
    """Judge addresses; hold the orders that cannot be delivered as they stand, with what was probably meant.

    What was found before and is found no more is solved, and its hold released. Historic orders are left alone.
    """
    ids = {e.order_id for e in events if (not e.quiet if isinstance(e, OrderAccepted) else e.kind == "address")}
    found = {one.order_id: (one, _finding(one)) for one in addresses_of(ids)}
    now = timezone.now()
    open_before = AddressCheck.objects.filter(order__in=found, state="open")
    before = {row.order_id: row for row in open_before}
    fine = [pk for pk, (_one, finding) in found.items() if finding == (Finding(), "")]
    open_before.update(state="solved", settled_at=now, settled_by=SYSTEM.name)
    AddressCheck.objects.bulk_create(
        AddressCheck(
            merchant_id=one.merchant_id, order_id=pk, faults=list(finding.faults), suggestion=finding.suggestion,
            phone=phone,
        )
        for pk, (one, (finding, phone)) in found.items()
        if (finding, phone) != (Finding(), "")
    )  # fmt: skip
    _hold(found, solved=[pk for pk in fine if pk in before and before[pk].faults])


def _finding(one: OrderAddress) -> tuple[Finding, str]:
    if one.ship_to is None or not one.sent:
        return Finding(), ""
    written = one.ship_to.get("phone") or one.phone
    dialled = phone_of(written, country=one.ship_to.get("country", "")) if written else ""
    missing = tuple(address_faults(DraftAddress(**{f.name: one.ship_to.get(f.name, "") for f in fields(DraftAddress)})))
    finding = check(one.ship_to, communes=communes())
    if missing and not finding.faults:
        finding = Finding(missing, finding.suggestion)
    return finding, dialled if dialled != written else ""


def _hold(found: dict[int, tuple[OrderAddress, tuple[Finding, str]]], *, solved: Sequence[int]) -> None:
    """Hold by merchant and reason; release what this check once held."""
    wanted: dict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, (one, (finding, _phone)) in found.items():
        if finding.faults:
            wanted[one.merchant_id, finding.faults[0]].append(pk)
    for (merchant, reason), ids in sorted(wanted.items()):
        set_hold(merchant, order_ids=ids, kind="address", reason=reason, actor=SYSTEM)
    by_merchant: dict[int, list[int]] = defaultdict(list)
    for pk in solved:
        by_merchant[found[pk][0].merchant_id].append(pk)
    for merchant, ids in sorted(by_merchant.items()):
        holds = open_holds_of(merchant, order_ids=ids, kind="address")
        release_hold(merchant, hold_ids=holds, actor=SYSTEM)
