"""The words of stock for screens of other steps: conditions and what may be done with a lot."""

from colisage.inventory.models import Condition, LotStatus

CONDITIONS = dict(Condition.choices)
LOT_STATUSES = dict(LotStatus.choices)
