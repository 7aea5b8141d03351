"""Stock, as the desk shows it."""

from django.urls import path

from colisage.inventory.views import assembling, kits, lots, stock

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
]
