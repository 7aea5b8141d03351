"""What people keep for themselves on the desk."""

from typing import ClassVar, Final

from django.db import models

from colisage.people.models import Merchant

MOST_VIEWS: Final = 20  # of one person at one merchant


class SavedView(models.Model):
    """A list of orders, narrowed as a person wants it again. A slot makes one too many impossible."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner_id = models.BigIntegerField()  # the person who saved it
    slot = models.SmallIntegerField()  # 1 to `MOST_VIEWS`, in the order they were saved
    name = models.CharField(max_length=40)
    query = models.JSONField()  # as `desk.queries.listing.said_of` says it
    shared = models.BooleanField(default=False)  # with all who see the merchant's orders

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "owner_id", "slot"], name="one_saved_view_per_slot"),
            models.CheckConstraint(
                condition=models.Q(slot__gte=1) & models.Q(slot__lte=MOST_VIEWS), name="few_saved_views"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant"], name="saved_views_shared", condition=models.Q(shared=True))
        ]
