"""Stock, as the desk shows it."""

from django.urls import path

from colisage.inventory import views

urlpatterns = [
    path("stock/", views.stock, name="stock"),
    path("stock/<int:sku_id>", views.sku, name="sku"),
    path("stock/<int:sku_id>/adjust", views.adjust, name="stock-adjust"),
]
