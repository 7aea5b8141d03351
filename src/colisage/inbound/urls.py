"""Goods coming in."""

from django.urls import path

from colisage.inbound.views import deliveries, dock, exceptions, purchases, put_away, suppliers

urlpatterns = [
    path("inbound/", purchases.receiving, name="receiving"),
    path("inbound/orders", purchases.purchases, name="purchases"),
    path("inbound/orders/new", purchases.new_purchase, name="purchase-new"),
    path("inbound/orders/<int:purchase_id>", purchases.purchase, name="purchase"),
    path("inbound/orders/<int:purchase_id>/edit", purchases.edit_purchase, name="purchase-edit"),
    path("inbound/orders/<int:purchase_id>/step", purchases.step, name="purchase-step"),
    path("inbound/orders/<int:purchase_id>/order.pdf", purchases.document, name="purchase-pdf"),
    path("inbound/suppliers", suppliers.suppliers, name="suppliers"),
    path("inbound/suppliers/new", suppliers.new_supplier, name="supplier-new"),
    path("inbound/suppliers/<int:supplier_id>", suppliers.supplier, name="supplier"),
    path("inbound/suppliers/<int:supplier_id>/edit", suppliers.edit_supplier, name="supplier-edit"),
    path("inbound/suppliers/<int:supplier_id>/skus", suppliers.save_sku, name="supplier-sku"),
    path("inbound/suppliers/<int:supplier_id>/skus/<int:sku_id>/drop", suppliers.drop_sku, name="supplier-sku-drop"),
    path("inbound/receive", dock.receive, name="receive"),
    path("inbound/receive/<int:purchase_id>", dock.receive, name="receive-order"),
    path("inbound/announcements/<int:announcement_id>/receive", dock.receive, name="receive-announcement"),
    path("inbound/deliveries", deliveries.deliveries, name="deliveries"),
    path("inbound/deliveries/<int:delivery_id>", deliveries.delivery, name="delivery"),
    path("inbound/deliveries/<int:delivery_id>/papers", deliveries.papers, name="delivery-papers"),
    path("inbound/deliveries/<int:delivery_id>/finish", deliveries.finish, name="delivery-finish"),
    path("inbound/receipts/<int:receipt_id>/undo", deliveries.receipt_undo, name="receipt-undo"),
    path("inbound/receipts/<int:receipt_id>/photos", deliveries.receipt_photos, name="receipt-photos"),
    path("inbound/aside", exceptions.exceptions, name="exceptions"),
    path("inbound/aside/new", exceptions.exception_new, name="exception-new"),
    path("inbound/aside/<int:aside_id>", exceptions.exception, name="exception"),
    path("inbound/aside/<int:aside_id>/settle", exceptions.exception_settle, name="exception-settle"),
    path("inbound/aside/<int:aside_id>/number", exceptions.exception_label, name="exception-label"),
    path("inbound/aside/<int:aside_id>/label.pdf", exceptions.exception_label_pdf, name="exception-label-pdf"),
    path("inbound/put-away", put_away.put_away_list, name="put-away"),
    path("inbound/put-away/<int:receipt_id>", put_away.put_away_one, name="put-away-one"),
]
