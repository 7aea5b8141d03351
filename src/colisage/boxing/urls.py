"""Packagings, among the settings."""

from django.urls import path

from colisage.boxing import views

urlpatterns = [
    path("boxing/boxes/", views.boxes, name="boxes"),
    path("boxing/boxes/new", views.new_box, name="box-new"),
    path("boxing/boxes/<int:box_type_id>", views.edit_box, name="box-edit"),
    path("boxing/boxes/<int:box_type_id>/use", views.use_box, name="box-use"),
]
