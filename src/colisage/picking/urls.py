"""Releasing work, and the floor's picking pages."""

from django.urls import path

from colisage.picking import views
from colisage.picking.views import put_back

urlpatterns = [
    path("picking/", views.picking, name="picking"),
    path("picking/release", views.release, name="picking-release"),
    path("picking/floor", views.floor, name="picking-floor"),
    path("picking/put-back", put_back.put_back_list, name="put-back"),
    path("picking/put-back/<int:put_back_id>", put_back.put_back_one, name="put-back-one"),
    path("picking/put-back/<int:put_back_id>/missing", put_back.put_back_missing, name="put-back-missing"),
    path("picking/batches/<int:batch_id>", views.batch, name="picking-batch"),
    path("picking/batches/<int:batch_id>/take", views.take, name="picking-take"),
    path("picking/batches/<int:batch_id>/pick", views.pick, name="picking-pick"),
    path("picking/tasks/<int:task_id>/scan", views.scan, name="picking-scan"),
    path("picking/tasks/<int:task_id>/skip", views.skip, name="picking-skip"),
    path("picking/tasks/<int:task_id>/short", views.short, name="picking-short"),
]
