"""Disruptions, beside the orders."""

from django.urls import path

from colisage.disruptions import views

urlpatterns = [
    path("orders/disruptions/", views.disruptions, name="disruptions"),
    path("orders/disruptions/new", views.new_disruption, name="disruption-new"),
    path("orders/disruptions/<int:disruption_id>", views.disruption, name="disruption"),
    path("orders/disruptions/<int:disruption_id>/change", views.change, name="disruption-change"),
    path("orders/disruptions/<int:disruption_id>/end", views.end, name="disruption-end"),
]
