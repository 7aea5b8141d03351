"""The JSON doors of orders, and of the files and messages they come in."""

from ninja import Router

from colisage.desk.api.changes import router as changes
from colisage.desk.api.holds import router as holds
from colisage.desk.api.imports import router as imports
from colisage.desk.api.mappings import router as mappings
from colisage.desk.api.messages import router as messages
from colisage.desk.api.nodes import router as nodes
from colisage.desk.api.orders import router as orders
from colisage.desk.api.parcels import router as parcels
from colisage.desk.api.recall import router as recall
from colisage.desk.api.rows import router as rows
from colisage.desk.api.sent_files import router as sent_files
from colisage.desk.api.turns import router as turns

router = Router()
router.add_router("", orders)
router.add_router("", holds)
router.add_router("", changes)
router.add_router("", parcels)
router.add_router("", turns)
router.add_router("", recall)
router.add_router("", imports)
router.add_router("", mappings)
router.add_router("", rows)
router.add_router("", sent_files)
router.add_router("", messages)
router.add_router("", nodes)
