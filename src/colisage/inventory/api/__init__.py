"""The JSON doors of stock."""

from ninja import Router

from colisage.inventory.api.movements import router as movements
from colisage.inventory.api.stock import router as stock

router = Router()
router.add_router("", stock)
router.add_router("", movements)
