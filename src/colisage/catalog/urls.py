"""The catalogue: SKUs, one by one and by the file."""

from django.urls import path

from colisage.catalog.views import numbering, skus

urlpatterns = [
    path("catalog/", skus.catalogue, name="catalogue"),
    path("catalog/new", skus.new_sku, name="catalogue-new"),
    path("catalog/<int:sku_id>", skus.edit_sku, name="catalogue-sku"),
    path("catalog/import", skus.import_file, name="catalogue-import"),
    path("catalog/import/<int:run_id>", skus.import_result, name="catalogue-imported"),
    *skus.PAGES.addresses("catalog/import/<int:run_id>"),
    path("catalog/export.csv", skus.export, name="catalogue-export"),
    path("catalog/numbering", numbering.numbering, name="numbering"),
    path("catalog/numbering/<str:kind>/<int:pk>", numbering.edit_numbering, name="numbering-edit"),
]
