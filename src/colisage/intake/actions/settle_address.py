"""An address that may be wrong: the suggestion taken, or the address kept as it was written."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.intake.models import AddressCheck
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Refused
from colisage.orders.actions.change_order import Wish, change_order
from colisage.orders.actions.claim_orders import claim_orders
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.queries import open_holds_of


class NothingToSettle(Refused):
    """It was settled already, or nothing was suggested."""

    code = "nothing_to_settle"
    text = _("This address was settled already.")


class AddressChanged(Refused):
    """The address was changed after it was judged: who settles it now would settle another one."""

    code = "address_changed"
    text = _("The address was changed meanwhile. It is looked at again: wait a moment, and choose then.")


@transaction.atomic
def settle_address(
    merchant_id: int, *, order_id: int, take: bool, actor: Actor, source: str = "person", seen: str = "",
    meant: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Take the suggestion for an order's address, or keep what was written; the hold for it ends.

    Where the customer wrote it anew, `meant` has the whole address as `Order.ship_to`. It is judged like any other
    that changes, and the hold ends when it is found good: what was written is not taken for right because it is new.

    `seen` is the id of the check that was on the page when it was chosen. Raises `NothingToSettle`, `AddressChanged`
    when it is not the address any more that was judged, and what `change_order` raises when it is too late.
    """
    row = (
        AddressCheck.objects.select_for_update(no_key=True)
        .filter(merchant_id=merchant_id, order_id=order_id, state="open")
        .first()
    )
    if row is None or (take and row.suggestion is None and not row.phone):
        raise NothingToSettle
    if seen not in {"", str(row.pk)}:
        raise AddressChanged
    looked_at = (row.looked_at, row.phone_looked_at)
    if any(looked_at != (order.ship_to, order.phone) for order in claim_orders([order_id])):
        raise AddressChanged
    if meant is not None and meant != row.looked_at:
        change_order(
            merchant_id, order_id=order_id, wish=Wish(ship_to=meant), actor=actor, reason="customer_asked",
            source=source, key=f"address:{row.pk}",
        )  # fmt: skip
        return
    row.state, row.settled_at, row.settled_by = "accepted" if take else "kept", timezone.now(), str(actor)[:150]
    row.save(update_fields=["state", "settled_at", "settled_by"])
    if take:
        wish = Wish(ship_to=row.suggestion, phone=row.phone or None)
        change_order(
            merchant_id, order_id=order_id, wish=wish, actor=actor, reason="address_suggestion", source=source,
            key=f"address:{row.pk}",
        )  # fmt: skip
    holds = open_holds_of(merchant_id, order_ids=[order_id], kind="address")
    release_hold(merchant_id, hold_ids=holds, actor=actor)
    deed = "address_corrected" if take else "address_kept"
    record_deeds([Deed("order", order_id, deed, {}, merchant_id=merchant_id)], actor=actor)
