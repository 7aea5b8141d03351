"""What customers see: their order by a signed link, or its status by number and postcode."""

from django.urls import path

from colisage.portal import views

urlpatterns = [
    path("portal/o/<str:token>", views.order, name="portal-order"),
    path("portal/o/<str:token>/return", views.ask_return, name="portal-return"),
    path("portal/o/<str:token>/label/<int:return_id>", views.label, name="portal-label"),
    path("portal/o/<str:token>/problem", views.problem, name="portal-problem"),
    path("portal/o/<str:token>/address", views.address, name="portal-address"),
    path("portal/o/<str:token>/cancel", views.cancel, name="portal-cancel"),
    path("portal/<slug:slug>", views.find, name="portal-find"),
]
