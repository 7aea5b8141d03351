"""Looking at the delivery addresses of orders, right after they came in or were changed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

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
from colisage.orders.queries import OrderAddress, addresses_of, holds_of
from colisage.orders.queries.changes import changes_across
from colisage.orders.queries.holds import HOLD_REASONS


def check_addresses(events: Sequence[OrderAccepted | OrderChanged]) -> None:
    """Judge addresses; hold the orders that cannot be delivered as they stand, with what was probably meant.

    What was found before and is found no more is solved, and its hold released. Historic orders are left alone. A
    change of many things is looked at when an address is among them, whatever it is mostly about; an address that a
    person kept as it was written is not questioned again.
    """
    ids = {e.order_id for e in events if isinstance(e, OrderAccepted) and not e.quiet}
    changed = changes_across({e.change_id for e in events if isinstance(e, OrderChanged)})
    ids |= {change.order_id for change in changed.values() if change.after.keys() & {"ship_to", "phone"}}
    rows = AddressCheck.objects.filter(order__in=ids, state="kept").values_list("order_id", "looked_at")
    kept: dict[int, list[Any]] = defaultdict(list)
    for order, looked_at in rows:
        kept[order].append(looked_at)
    found = {
        one.order_id: (one, (Finding(), "") if one.ship_to in kept[one.order_id] else _finding(one))
        for one in addresses_of(ids)
    }
    now = timezone.now()
    open_before = AddressCheck.objects.filter(order__in=found, state="open")
    before = {row.order_id: row for row in open_before}
    open_before.update(state="solved", settled_at=now, settled_by=SYSTEM.name)
    AddressCheck.objects.bulk_create(
        AddressCheck(
            merchant_id=one.merchant_id, order_id=pk, faults=list(finding.faults), suggestion=finding.suggestion,
            phone=phone, looked_at=one.ship_to, phone_looked_at=one.phone,
        )
        for pk, (one, (finding, phone)) in found.items()
        if (finding, phone) != (Finding(), "")
    )  # fmt: skip
    _hold(found, held={pk for pk, row in before.items() if row.faults})


def _finding(one: OrderAddress) -> tuple[Finding, str]:
    if one.ship_to is None or not one.sent:
        return Finding(), ""
    written = one.ship_to.get("phone") or one.phone
    dialled = phone_of(written, country=one.ship_to.get("country", "")) if written else ""
    address = DraftAddress(**{part: one.ship_to.get(part, "") for part in DraftAddress.__struct_fields__})
    missing = tuple(address_faults(address))
    finding = check(one.ship_to, communes=communes())
    finding = Finding(tuple(dict.fromkeys((*missing, *finding.faults))), finding.suggestion)
    if finding.faults and finding.suggestion is None:  # who took the number alone would think the address is settled
        return finding, ""
    return finding, dialled if dialled != written else ""


def _hold(found: dict[int, tuple[OrderAddress, tuple[Finding, str]]], *, held: Collection[int]) -> None:
    """Hold by merchant and reason; release what this check once held and is true no more.

    What a person wrote by hand is a person's to release.
    """
    wanted: dict[tuple[int, str], list[int]] = defaultdict(list)
    over: dict[int, list[int]] = defaultdict(list)
    holds = holds_of(found)
    for pk, (one, (finding, _phone)) in found.items():
        for fault in finding.faults:
            wanted[one.merchant_id, fault].append(pk)
        over[one.merchant_id] += [
            hold.pk
            for hold in holds[pk]
            if hold.kind == "address" and hold.released_at is None and hold.reason in HOLD_REASONS
            and hold.reason not in finding.faults and (finding.faults or pk in held)
        ]  # fmt: skip
    for (merchant, reason), ids in sorted(wanted.items()):
        set_hold(merchant, order_ids=ids, kind="address", reason=reason, actor=SYSTEM)
    for merchant, ids in sorted(over.items()):
        if ids:
            release_hold(merchant, hold_ids=ids, actor=SYSTEM)
