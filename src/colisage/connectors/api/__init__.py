"""The JSON doors of connectors: of shops, of EDI, and of EPCIS beside its connector."""

from ninja import Router

from colisage.connectors.api.connections import router as connections
from colisage.connectors.api.interchanges import router as interchanges
from colisage.connectors.epcis.api import router as epcis

router = Router()
router.add_router("", connections)
router.add_router("", interchanges)
router.add_router("", epcis)
