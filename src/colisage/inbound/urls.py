"""Goods coming in."""

from django.urls import path

from colisage.inbound import views

urlpatterns = [
    path("inbound/", views.receiving, name="receiving"),
    path("inbound/orders/new", views.new_purchase, name="purchase-new"),
    path("inbound/orders/<int:purchase_id>", views.purchase, name="purchase"),
    path("inbound/receive", views.receive, name="receive"),
    path("inbound/receive/<int:purchase_id>", views.receive, name="receive-order"),
    path("inbound/put-away", views.put_away_list, name="put-away"),
    path("inbound/put-away/<int:receipt_id>", views.put_away_one, name="put-away-one"),
]
