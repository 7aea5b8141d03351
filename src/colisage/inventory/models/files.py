"""Files of safety stock, and the rows of them that came back."""

from django.db import models

from colisage.kit.sent_files import RefusedRow, SentFile
from colisage.people.models import Merchant


class SafetyFile(SentFile):
    """A file of safety stock that somebody sent, and what became of its rows."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed = models.IntegerField(default=0)  # levels


class SafetyRefusedRow(RefusedRow):
    """A row that could not be used."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    run = models.ForeignKey(SafetyFile, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
