"""The JSON doors of returns."""

from ninja import Router

from colisage.returns.api.policy import router as policy
from colisage.returns.api.requests import router as requests
from colisage.returns.api.table import router as table

router = Router()
router.add_router("", requests)
router.add_router("", table)
router.add_router("", policy)
