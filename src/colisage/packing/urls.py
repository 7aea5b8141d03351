"""The packing bench."""

from django.urls import path

from colisage.packing import views

urlpatterns = [
    path("packing/", views.packing, name="packing"),
    path("packing/station", views.station, name="packing-station"),
    path("packing/parcels/<int:parcel_id>", views.parcel, name="packing-parcel"),
    path("packing/parcels/<int:parcel_id>/scan", views.scan, name="packing-scan"),
    path("packing/parcels/<int:parcel_id>/seal", views.seal, name="packing-seal"),
    path("packing/parcels/<int:parcel_id>/box", views.box, name="packing-box"),
    path("packing/parcels/<int:parcel_id>/lines/<int:line_id>/count", views.count, name="packing-count"),
    path("packing/slip/<int:parcel_id>.pdf", views.slip, name="packing-slip"),
    path("packing/slips.pdf", views.slips, name="packing-slips"),
]
