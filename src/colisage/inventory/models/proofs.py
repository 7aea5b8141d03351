"""What has been proven of the books, so that the next proof need not begin at the first movement.

`docs/decisions/0012-proofs-of-the-books.md` says what a proof rests on, and what it can and cannot see.
"""

from django.db import models
from django.db.models.functions import Now

from colisage.inventory.models.stock import StockCell
from colisage.kit.models import XidField


class StockProof(models.Model):
    """One check of the books: it covers every movement of an older transaction than `upto`, and no other can come.

    `digest` is a sum over those movements that changes when one of them is changed, deleted or added.
    """

    upto = XidField()
    system = models.BigIntegerField()  # of the database server: in another one, transactions are numbered anew
    movements = models.BigIntegerField()
    digest = models.BigIntegerField()
    cells = models.IntegerField()
    differences = models.IntegerField()
    full = models.BooleanField()  # else it began at the proof before
    proven_at = models.DateTimeField(db_default=Now())


class ProvenCell(models.Model):
    """What the movements covered by the latest proof bring to a cell; below zero where units come from."""

    cell = models.OneToOneField(
        StockCell, on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    qty = models.BigIntegerField()
