"""The JSON doors of suppliers and what they bring: ordered, announced, received."""

from ninja import Router

from colisage.inbound.api.announced import router as announced
from colisage.inbound.api.announcing import router as announcing
from colisage.inbound.api.asides import router as asides
from colisage.inbound.api.checklists import router as checklists
from colisage.inbound.api.consignment import router as consignment
from colisage.inbound.api.deliveries import router as deliveries
from colisage.inbound.api.dock import router as dock
from colisage.inbound.api.inspecting import router as inspecting
from colisage.inbound.api.productions import router as productions
from colisage.inbound.api.purchases import router as purchases
from colisage.inbound.api.putaway_rules import router as putaway_rules
from colisage.inbound.api.putting_away import router as putting_away
from colisage.inbound.api.supplier_returns import router as supplier_returns
from colisage.inbound.api.suppliers import router as suppliers
from colisage.inbound.api.transfers import router as transfers

router = Router()
router.add_router("", announcing)
router.add_router("", announced)
router.add_router("", purchases)
router.add_router("", deliveries)
router.add_router("", dock)
router.add_router("", asides)
router.add_router("", inspecting)
router.add_router("", checklists)
router.add_router("", suppliers)
router.add_router("", supplier_returns)
router.add_router("", consignment)
router.add_router("", transfers)
router.add_router("", productions)
router.add_router("", putting_away)
router.add_router("", putaway_rules)
