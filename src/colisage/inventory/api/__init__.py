"""The JSON doors of stock."""

from ninja import Router

from colisage.inventory.api.blocked import router as blocked
from colisage.inventory.api.cells import router as cells
from colisage.inventory.api.count_limits import router as count_limits
from colisage.inventory.api.count_plans import router as count_plans
from colisage.inventory.api.counts import router as counts
from colisage.inventory.api.keeping import router as keeping
from colisage.inventory.api.kits import router as kits
from colisage.inventory.api.labels import router as labels
from colisage.inventory.api.lots import router as lots
from colisage.inventory.api.movements import router as movements
from colisage.inventory.api.plates import router as plates
from colisage.inventory.api.preorders import router as preorders
from colisage.inventory.api.reasons import router as reasons
from colisage.inventory.api.reservations import router as reservations
from colisage.inventory.api.stock import router as stock
from colisage.inventory.api.tags import router as tags

router = Router()
router.add_router("", stock)
router.add_router("", reservations)
router.add_router("", preorders)
router.add_router("", movements)
router.add_router("", cells)
router.add_router("", keeping)
router.add_router("", lots)
router.add_router("", kits)
router.add_router("", counts)
router.add_router("", count_plans)
router.add_router("", count_limits)
router.add_router("", plates)
router.add_router("", reasons)
router.add_router("", labels)
router.add_router("", tags)
router.add_router("", blocked)
