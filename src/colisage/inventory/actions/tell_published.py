from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from colisage.inventory.events import PublishedChanged
from colisage.inventory.models import PublishedMark
from colisage.kit.events import tell
from colisage.kit.outbox import is_heard
from colisage.kit.statements import statement

MOST: Final = 500  # SKUs of one event


@transaction.atomic
def tell_published() -> int:
    """Tell of which SKUs channels may sell another quantity than was told last; give how many.

    Each change is told once, as soon as its transaction has ended, however long others run; the first time everything
    is told. While nobody listens nothing is read. Whoever promises or moves stock does nothing for it: each row of
    availability carries the transaction that changed it. Of several workers one tells.
    """
    if not is_heard(PublishedChanged):
        return 0
    PublishedMark.objects.get_or_create(pk=1)
    mark = PublishedMark.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if mark is None:
        return 0
    with connection.cursor() as db:
        db.execute(statement("inventory", "published_changed"), {"seen": mark.snapshot or None})
        found = db.fetchall()
    told = [(merchant, skus) for _snapshot, merchant, skus in found if merchant is not None]
    tell(
        PublishedChanged(merchant_id=merchant, sku_ids=tuple(skus[first : first + MOST]))
        for merchant, skus in told
        for first in range(0, len(skus), MOST)
    )
    PublishedMark.objects.filter(pk=1).update(snapshot=found[0][0], told_at=timezone.now())
    return sum(len(skus) for _merchant, skus in told)
