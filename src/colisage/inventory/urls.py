"""Stock, as the desk shows it."""

from django.urls import path

from colisage.inventory.views import lots, stock

urlpatterns = [
    path("stock/<int:sku_id>/adjust", stock.adjust, name="stock-adjust"),
    path("stock/lots", lots.lots, name="lots"),
    path("stock/lots/status", lots.lots_status, name="lots-status"),
    path("stock/lots/<int:lot_id>", lots.lot, name="lot"),
]
