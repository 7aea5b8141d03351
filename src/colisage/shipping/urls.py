"""Labels, hand-over and manifests."""

from django.urls import path

from colisage.shipping import views

urlpatterns = [
    path("shipping/", views.shipping, name="shipping"),
    path("shipping/request", views.request_missing, name="shipping-request"),
    path("shipping/again", views.again, name="shipping-again"),
    path("shipping/print", views.print_labels, name="shipping-print"),
    path("shipping/hand-over", views.leave, name="shipping-hand-over"),
    path("shipping/reprint", views.reprint, name="shipping-reprint"),
    path("shipping/labels/<int:label_id>.pdf", views.label, {"kind": "pdf"}, name="shipping-label"),
    path("shipping/labels/<int:label_id>.zpl", views.label, {"kind": "zpl"}, name="shipping-label-zpl"),
    path("shipping/orders/<int:order_id>/void", views.void, name="shipping-void"),
    path("shipping/manifests/<int:manifest_id>.pdf", views.manifest, name="shipping-manifest"),
]
