"""The JSON doors of the floor: work released, batches and their picks, what goes back into bins."""

from ninja import Router

from colisage.picking.api.put_backs import router as put_backs
from colisage.picking.api.work import router as work

router = Router()
router.add_router("", work)
router.add_router("", put_backs)
