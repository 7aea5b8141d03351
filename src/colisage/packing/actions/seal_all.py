from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from colisage.kit.actors import Actor
from colisage.orders.queries.together import aboard
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.seal_parcels import Seal, seal_parcels
from colisage.packing.models import Parcel, ParcelLine


@transaction.atomic
def seal_all(merchant_ids: Collection[int], *, fulfillment_order_ids: Collection[int], actor: Actor) -> list[int]:
    """Pack and close everything of fulfilment orders, as a machine does: all checked, at the weight expected.

    Plans parcels where there are none yet. Gives the ids of the parcels that closed.
    """
    make_parcels(fulfillment_order_ids)
    parcels = Parcel.objects.filter(
        merchant_id__in=merchant_ids, fulfillment_order__in=aboard(fulfillment_order_ids), state="open"
    ).values_list("pk", "expected_grams")
    seals = [Seal(pk, max(grams, 1)) for pk, grams in parcels]
    ParcelLine.objects.filter(parcel__in=[seal.parcel_id for seal in seals]).update(scanned=F("quantity"))
    return seal_parcels(merchant_ids, seals=seals, actor=actor)
