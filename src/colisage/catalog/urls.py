"""The catalogue: SKUs, one by one and by the file."""

from django.urls import path

from colisage.catalog import views

urlpatterns = [
    path("catalog/", views.catalogue, name="catalogue"),
    path("catalog/new", views.new_sku, name="catalogue-new"),
    path("catalog/<int:sku_id>", views.edit_sku, name="catalogue-sku"),
    path("catalog/import", views.import_file, name="catalogue-import"),
    path("catalog/import/<int:run_id>", views.import_result, name="catalogue-imported"),
    path("catalog/import/<int:run_id>/refused.csv", views.refused, name="catalogue-refused"),
    path("catalog/export.csv", views.export, name="catalogue-export"),
]
