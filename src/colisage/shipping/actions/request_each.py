"""Asking for the labels of what is packed, each part judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.orders.queries import parts
from colisage.orders.queries.together import heads_of
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.actions.retry_each import NoService, NotPacked
from colisage.shipping.models import Shipment
from colisage.shipping.queries import LIVING


@transaction.atomic
def request_each(
    merchant_id: int, fulfillment_order_ids: Sequence[int], *, actor: Actor
) -> dict[int, Refused | tuple[int, bool]]:
    """Want labels for fulfilment orders; give of each the shipment it is in, and whether that was asked for just now.

    Parts that go in one parcel are in one shipment.
    """
    ours = {pk for pk, part in parts(fulfillment_order_ids).items() if part.merchant_id == merchant_id}
    made = set(request_shipments(ours, actor=actor))
    heads = heads_of(ours)
    rows = Shipment.objects.filter(
        merchant_id=merchant_id, fulfillment_order__in=set(heads.values()), state__in=[*LIVING, "failed"]
    )
    latest = {part: (pk, state) for pk, part, state in rows.order_by("pk").values_list(
        "pk", "fulfillment_order_id", "state")}  # fmt: skip
    became: dict[int, Refused | tuple[int, bool]] = {}
    for part in fulfillment_order_ids:
        if part not in ours:
            became[part] = NotThere()
        elif (found := latest.get(heads[part])) is None:
            became[part] = NotPacked()
        else:
            became[part] = NoService() if found[1] == "failed" else (found[0], found[0] in made)
    return became
