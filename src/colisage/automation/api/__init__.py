"""The JSON doors of the merchant's rules, and of what is watched when orders come in."""

from ninja import Router

from colisage.automation.api.rules import router as rules
from colisage.automation.api.watch import router as watch

router = Router()
router.add_router("", rules)
router.add_router("", watch)
