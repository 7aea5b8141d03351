from collections.abc import Sequence

from colisage.notices.actions.write_messages import Draft, write_messages
from colisage.notices.rules import RETURNS
from colisage.orders.queries import orders_across
from colisage.returns.events import Refunded, ReturnApproved, ReturnReceived, ReturnRefused, ReturnRequested
from colisage.returns.queries import returns_across

Told = ReturnRequested | ReturnApproved | ReturnRefused | ReturnReceived | Refunded


def tell_returns(events: Sequence[Told]) -> None:
    """Tell customers how their return goes on. A request that was approved at once is told as approved only."""
    orders = orders_across({e.order_id for e in events})
    found = returns_across({e.return_id for e in events})
    drafts = []
    for e in events:
        request, refund = found[e.return_id]
        if e.order_id not in orders or (isinstance(e, ReturnRequested) and request.state != "requested"):
            continue
        if request.external_ref and not isinstance(e, ReturnReceived | Refunded):  # the shop writes that itself
            continue
        drafts.append(
            Draft(
                order=orders[e.order_id],
                kind=RETURNS[type(e).__name__],
                doc=f"return:{e.return_id}",
                facts={"return": request, "refund": refund},
            )
        )
    write_messages(drafts)
