"""The JSON doors of webhooks, and of mails to customers."""

from ninja import Router

from colisage.notices.api.calls import router as calls
from colisage.notices.api.endpoints import router as endpoints
from colisage.notices.api.mails import router as mails

router = Router()
router.add_router("", endpoints)
router.add_router("", calls)
router.add_router("", mails)
