"""Goods coming in."""

from django.urls import path

from colisage.inbound.views import dock, purchases, put_away

urlpatterns = [
    path("inbound/", purchases.receiving, name="receiving"),
    path("inbound/orders/new", purchases.new_purchase, name="purchase-new"),
    path("inbound/orders/<int:purchase_id>", purchases.purchase, name="purchase"),
    path("inbound/receive", dock.receive, name="receive"),
    path("inbound/receive/<int:purchase_id>", dock.receive, name="receive-order"),
    path("inbound/put-away", put_away.put_away_list, name="put-away"),
    path("inbound/put-away/<int:receipt_id>", put_away.put_away_one, name="put-away-one"),
]
