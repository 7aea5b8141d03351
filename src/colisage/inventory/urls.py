"""Stock, as the desk shows it, and its counts on the floor."""

from django.urls import path

from colisage.inventory.views import assembling, count_floor, counts, kits, lots, moving, plates, stock

urlpatterns = [
    path("stock/<int:sku_id>/adjust", stock.adjust, name="stock-adjust"),
    path("stock/kits", kits.kits, name="kits"),
    path("stock/kits/<int:sku_id>", kits.kit, name="kit"),
    path("stock/kits/<int:sku_id>/assemble", kits.assemble, name="kit-assemble"),
    path("stock/kits/<int:sku_id>/disassemble", kits.disassemble, name="kit-disassemble"),
    path("stock/kits/made/<int:assembly_id>", kits.assembly, name="assembly"),
    path("floor/kits", assembling.kit_floor, name="kit-floor"),
    path("floor/kits/<int:sku_id>/<int:node_id>", assembling.kit_floor_one, name="kit-floor-one"),
    path("stock/lots", lots.lots, name="lots"),
    path("stock/lots/status", lots.lots_status, name="lots-status"),
    path("stock/lots/<int:lot_id>", lots.lot, name="lot"),
    path("stock/counts/", counts.counts_page, name="counts"),
    path("stock/counts/new", counts.count_new, name="count-new"),
    path("stock/counts/done", counts.count_log, name="count-log"),
    path("stock/counts/limits", counts.count_limits, name="count-limits"),
    path("stock/counts/<int:count_id>", counts.count, name="count"),
    path("stock/counts/bins/<int:task_id>", counts.count_result, name="count-result"),
    path("stock/counts/bins/<int:task_id>/decide", counts.count_decide, name="count-decide"),
    path("stock/counts/bins/<int:task_id>/cancel", counts.count_cancel, name="count-cancel"),
    path("count/", count_floor.count_floor, name="count-floor"),
    path("count/begin", count_floor.count_begin, name="count-begin"),
    path("count/<int:task_id>", count_floor.count_bin, name="count-bin"),
    path("count/<int:task_id>/note", count_floor.count_note, name="count-note"),
    path("count/<int:task_id>/finish", count_floor.count_finish, name="count-finish"),
    path("count/<int:task_id>/leave", count_floor.count_leave, name="count-leave"),
    path("stock/lots/<int:lot_id>/expiry", lots.lot_expiry, name="lot-expiry"),
    path("stock/move", moving.move, name="move-floor"),
    path("stock/cells/<int:cell_id>/condition", moving.condition, {"desk": True}, name="cell-condition"),
    path("stock/cells/<int:cell_id>/condition/floor", moving.condition, name="condition-floor"),
    path("stock/plates", plates.plates, name="plates"),
    path("stock/plates/new", plates.new_plates, name="plates-new"),
    path("stock/plates/<int:plate_id>", plates.plate, name="plate"),
    path("stock/plates/<int:plate_id>/move", plates.plate_move, name="plate-move"),
    path("stock/plates/<int:plate_id>/split", plates.plate_split, name="plate-split"),
    path("stock/plates/<int:plate_id>/close", plates.plate_close, name="plate-close"),
]
