"""The JSON doors of webhooks."""

from ninja import Router

from colisage.notices.api.calls import router as calls
from colisage.notices.api.endpoints import router as endpoints

router = Router()
router.add_router("", endpoints)
router.add_router("", calls)
