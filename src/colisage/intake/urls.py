"""Imports of order files."""

from django.urls import path

from colisage.intake import views

urlpatterns = [
    path("intake/imports", views.imports, name="imports"),
    path("intake/imports/<int:run_id>", views.show_import, name="import"),
    path("intake/imports/<int:run_id>/progress", views.progress, name="import-progress"),
    path("intake/imports/<int:run_id>/refused.csv", views.refused, name="import-refused"),
]
