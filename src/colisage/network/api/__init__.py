"""The JSON doors of the network: nodes with their days, zones and bins; sales channels."""

from ninja import Router

from colisage.network.api.channels import router as channels
from colisage.network.api.closures import router as closures
from colisage.network.api.floor import router as floor
from colisage.network.api.nodes import router as nodes
from colisage.network.api.walk import router as walk

router = Router()
router.add_router("", nodes)
router.add_router("", closures)
router.add_router("", floor)
router.add_router("", walk)
router.add_router("", channels)
