"""The returns table: what came is in the books at once, as returned; it cannot be sold before it is judged."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.events import tell
from colisage.network.queries import place_of, virtual_place
from colisage.returns.events import ReturnReceived
from colisage.returns.models import ReturnItem, ReturnRequest
from colisage.returns.rules import ON_THE_WAY


class NotComing(Refused):
    """The return is refused, inspected or closed."""

    code = "return_not_coming"
    text = _("Return %(number)s takes nothing in any more. Set the item aside and ask support.")


class NotInReturn(Refused):
    """The SKU does not belong to this return, or all its units came already."""

    code = "not_in_return"
    text = _("This item is not expected in return %(number)s, or all of it came. Set it aside.")


class NoUnits(Malformed):
    """Units received are a positive number."""

    code = "no_units"
    text = _("Say how many units came: at least one.")


@transaction.atomic
def receive_return(merchant_id: int, *, return_id: int, units: Sequence[tuple[int, int]], actor: Actor) -> None:
    """Take (SKU id, units) of a return onto the returns table. Refused, nothing is taken in."""
    request = ReturnRequest.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=return_id).first()
    if request is None:
        raise NotThere
    if request.state not in ON_THE_WAY:
        raise NotComing(number=request.number)
    if not units or any(n <= 0 for _sku, n in units):
        raise NoUnits
    items = list(ReturnItem.objects.filter(merchant_id=merchant_id, return_request=request).order_by("pk"))
    taken: list[tuple[ReturnItem, int, int]] = []  # item, units, units that had come before
    for sku, wanted in units:
        left = wanted
        for item in items:
            free = item.expected - item.received if item.sku_id == sku else 0
            if take := min(free, left):
                taken.append((item, take, item.received))
                item.received += take
                left -= take
        if left:
            raise NotInReturn(number=request.number)
    _post(request, taken, actor=actor)
    for item, count, _before in taken:
        ReturnItem.objects.filter(pk=item.pk).update(received=F("received") + count)
    if request.state != "received":
        ReturnRequest.objects.filter(pk=request.pk).update(state="received", received_at=timezone.now())
        tell([ReturnReceived(merchant_id=merchant_id, order_id=request.order_id, return_id=request.pk)])
        record_deeds(
            [
                Deed(
                    "order",
                    request.order_id,
                    "return_received",
                    {"number": request.number, "return": request.pk},
                    merchant_id=merchant_id,
                )
            ],
            actor=actor,
        )


def _post(request: ReturnRequest, taken: Sequence[tuple[ReturnItem, int, int]], *, actor: Actor) -> None:
    """Write the movements from the customer to the table; each unit of an item is moved in once."""
    source = Spot(place_id=virtual_place("customer"))
    table = Spot(place_id=place_of(request.node_id, kind="returns").pk, condition="returned")
    post_movements(
        [
            Move(
                merchant_id=request.merchant_id,
                sku_id=item.sku_id,
                qty=count,
                source=source,
                target=table,
                reason="return_received",
                doc_kind="return",
                doc_id=request.pk,
                doc_line=item.pk,
                seq=before,
            )
            for item, count, before in taken
        ],
        actor=actor,
    )
