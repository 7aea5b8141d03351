from django.urls import path

from colisage.ui import views

urlpatterns = [
    path("ui/", views.show_gallery, name="ui-gallery"),
    path("photos/<int:photo_id>", views.show_photo, name="photo"),
]
