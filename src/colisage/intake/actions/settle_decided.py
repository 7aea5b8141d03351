from collections.abc import Sequence

from colisage.intake.models import ShopMessage
from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.events import OrderCancelled, OrderFreed

LATE = frozenset({"too_late_to_cancel", "too_late_to_change", "sent_elsewhere"})


def settle_decided(events: Sequence[OrderCancelled | OrderFreed]) -> None:
    """Deal with what shops said too late of orders that are decided by now: nothing is left to correct."""
    decided = {event.order_id for event in events}
    rows = ShopMessage.objects.select_for_update(no_key=True).filter(
        merchant_id__in={event.merchant_id for event in events}, order_id__in=decided, state="refused", reason__in=LATE
    )
    chosen = dict(rows.order_by("pk").values_list("pk", "merchant_id"))
    ShopMessage.objects.filter(pk__in=chosen).update(state="ignored", outcome="decided")
    record_deeds(
        (Deed("message", pk, "message_decided", {}, merchant_id=merchant) for pk, merchant in chosen.items()),
        actor=SYSTEM,
    )
