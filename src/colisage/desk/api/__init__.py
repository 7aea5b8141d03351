"""The JSON doors of orders."""

from ninja import Router

from colisage.desk.api.changes import router as changes
from colisage.desk.api.orders import router as orders

router = Router()
router.add_router("", orders)
router.add_router("", changes)
