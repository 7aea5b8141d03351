from django.db import transaction

from colisage.inbound.models import DockPolicy


@transaction.atomic
def lock_dock_policy(merchant_id: int) -> DockPolicy:
    """Lock how a merchant's goods are taken in, as nobody has said it yet where nobody did; give it."""
    return DockPolicy.objects.select_for_update(no_key=True).get_or_create(merchant_id=merchant_id)[0]
