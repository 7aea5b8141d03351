"""The JSON doors of connectors, each beside its connector."""

from ninja import Router

from colisage.connectors.epcis.api import router as epcis

router = Router()
router.add_router("", epcis)
