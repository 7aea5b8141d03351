"""Errands that a shop refused: a person has them run again, or drops them."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from colisage.connectors.actions.run_soon import run_soon
from colisage.connectors.models import Errand
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def settle_errands(merchant_id: int, *, errand_ids: Collection[int], again: bool, actor: Actor) -> set[int]:
    """Run errands again, or drop them; give which. One that is done already is left as it is."""
    rows = Errand.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk__in=errand_ids)
    chosen = {e.pk: e.connection_id for e in rows.exclude(state__in=["done", "dropped"]).order_by("pk")}
    if again:
        Errand.objects.filter(pk__in=chosen, state="refused").update(state="unknown")
        Errand.objects.filter(pk__in=chosen).update(next_try_at=timezone.now())
        run_soon(set(chosen.values()))
    else:
        Errand.objects.filter(pk__in=chosen).update(state="dropped", done_at=timezone.now())
    deed = "errand_retried" if again else "errand_dropped"
    record_deeds((Deed("errand", pk, deed, {}, merchant_id=merchant_id) for pk in chosen), actor=actor)
    return set(chosen)
