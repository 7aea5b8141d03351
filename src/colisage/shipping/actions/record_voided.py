from collections.abc import Mapping

from django.db import transaction

from colisage.shipping.models import Shipment


@transaction.atomic
def record_voided(said: Mapping[int, str]) -> int:
    """Write that labels were given back; `said` is, by shipment, why the carrier keeps its money, or nothing."""
    refused = {pk: text for pk, text in said.items() if text}
    count = Shipment.objects.filter(pk__in=[pk for pk in said if pk not in refused], state="voiding").update(
        state="void"
    )
    for pk, text in refused.items():
        count += Shipment.objects.filter(pk=pk, state="voiding").update(
            state="void", problem="void_refused", problem_text=text[:300]
        )
    return count
