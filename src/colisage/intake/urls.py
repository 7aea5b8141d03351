"""Imports of order files, and messages of shops."""

from django.urls import path

from colisage.intake.views import addresses, by_hand, imports, mappings, messages, rows

urlpatterns = [
    path("intake/imports", imports.imports, name="imports"),
    path("intake/imports/<int:run_id>", imports.show_import, name="import"),
    path("intake/imports/<int:run_id>/progress", imports.progress, name="import-progress"),
    *rows.PAGES.addresses("intake/imports/<int:run_id>"),
    path("intake/imports/<int:run_id>/columns", mappings.columns, name="import-columns"),
    path("intake/mappings", mappings.mapping_list, name="mappings"),
    path("intake/mappings/<int:mapping_id>", mappings.mapping, name="mapping"),
    path("intake/mappings/<int:mapping_id>/remove", mappings.remove, name="mapping-remove"),
    path("intake/messages", messages.message_list, name="shop-messages"),
    path("intake/messages/<int:message_id>", messages.message, name="shop-message"),
    path("intake/messages/<int:message_id>/correct", messages.correct, name="shop-message-correct"),
    path("orders/new", by_hand.new_order, name="order-new"),
    path("orders/new/skus", by_hand.offered_skus, name="order-new-skus"),
    path("orders/<int:order_id>/address", addresses.settle, name="order-address"),
]
