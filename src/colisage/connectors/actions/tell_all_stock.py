"""Telling a shop of everything it may sell: when it is connected, and once a day."""

from django.db import transaction
from django.utils import timezone

from colisage.connectors.actions.run_soon import run_soon
from colisage.connectors.actions.tell_shops import ONE
from colisage.connectors.models import Connection, Errand
from colisage.connectors.queries.connections import asked_shops
from colisage.inventory.queries.channels import counted_skus
from colisage.kit.once import insert_once, insert_or_change


@transaction.atomic
def tell_all_stock(connection_id: int, *, afresh: bool) -> int:
    """Write an errand for every SKU that is counted here, also where nothing of it changes; give how many.

    `afresh` begins as if the shop had never been told anything. Otherwise what it was told last is not told again, and
    what it refused, or a person dropped, is left alone: this finds what no event tells of (decision 0022).
    """
    found = Connection.objects.filter(pk=connection_id, active=True, connector__in=asked_shops()).first()
    if found is None:
        return 0
    skus, now = counted_skus(found.merchant_id), timezone.now()
    errands = [
        Errand(merchant_id=found.merchant_id, connection=found, kind="stock", key=str(sku), next_try_at=now)
        for sku in skus
    ]
    if afresh:
        insert_or_change(errands, by=ONE, change=["state", "tries", "next_try_at", "payload", "detail"])
    else:
        insert_once(errands, by=ONE)
        done = Errand.objects.filter(connection=found, kind="stock", state="done")
        done.update(state="waiting", tries=0, next_try_at=now)
    run_soon([found.pk])
    return len(errands)
