"""Rate cards, among the settings."""

from django.urls import path

from colisage.carriers import views

urlpatterns = [
    path("carriers/rate-cards/", views.rate_cards, name="rate-cards"),
    path("carriers/rate-cards/import", views.import_cards, name="rate-card-import"),
    path("carriers/rate-cards/<int:card_id>", views.rate_card, name="rate-card"),
    path("carriers/rate-cards/<int:card_id>.csv", views.rate_card_file, name="rate-card-file"),
]
