"""Where carriers tell what happens on the road."""

from django.urls import path

from colisage.tracking import views

urlpatterns = [path("tracking/webhooks/<slug:source>", views.webhook, name="tracking-webhook")]
