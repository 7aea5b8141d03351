"""The JSON doors of shipping: labels, and what leaves with a carrier."""

from ninja import Router

from colisage.shipping.api.labels import router as labels
from colisage.shipping.api.manifests import router as manifests

router = Router()
router.add_router("", labels)
router.add_router("", manifests)
