from collections.abc import Collection

from django.db import transaction

from colisage.kit.events import tell
from colisage.network.events import DisruptionBegan
from colisage.network.models import Disruption
from colisage.network.queries.disruptions import merchants_of


@transaction.atomic
def begin_disruptions(disruption_ids: Collection[int]) -> int:
    """Let planned disruptions act from now on; give how many began. Harmless when repeated."""
    planned = Disruption.objects.select_for_update(no_key=True).filter(pk__in=disruption_ids, state="planned")
    begun = list(planned.order_by("pk"))
    Disruption.objects.filter(pk__in=[one.pk for one in begun]).update(state="active")
    tell(DisruptionBegan(merchant_id=m, disruption_id=one.pk) for one in begun for m in merchants_of(one))
    return len(begun)
