"""Stock, as the desk shows it."""

from django.urls import path

from colisage.inventory.views import stock

urlpatterns = [
    path("stock/", stock.stock, name="stock"),
    path("stock/<int:sku_id>", stock.sku, name="sku"),
    path("stock/<int:sku_id>/adjust", stock.adjust, name="stock-adjust"),
]
