"""Returns: the desk's pages, and the returns table."""

from django.urls import path

from colisage.returns import views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/new/<int:order_id>", views.new_return, name="return-new"),
    path("returns/policy", views.policy, name="return-policy"),
    path("returns/<int:return_id>", views.show_return, name="return"),
    path("returns/<int:return_id>/label", views.label, name="return-label"),
    path("returns/<int:return_id>/approve", views.approve, name="return-approve"),
    path("returns/<int:return_id>/refuse", views.refuse, name="return-refuse"),
    path("returns/<int:return_id>/refund", views.decide_refund, name="return-refund"),
    path("returns/<int:return_id>/paid", views.paid_back, name="return-paid"),
    path("returns/table", views.table, name="returns-table"),
    path("returns/table/<int:return_id>", views.on_table, name="return-on-table"),
    path("returns/table/<int:return_id>/judge", views.judge, name="return-judge"),
    path("returns/table/<int:return_id>/finish", views.finish, name="return-finish"),
]
