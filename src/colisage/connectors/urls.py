"""Events of EPCIS at the desk."""

from django.urls import path

from colisage.connectors import views

urlpatterns = [
    path("stock/events", views.events, name="events"),
    path("stock/events.json", views.events_file, name="events-file"),
]
