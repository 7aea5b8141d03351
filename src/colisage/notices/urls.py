"""The outbox of messages."""

from django.urls import path

from colisage.notices import views

urlpatterns = [
    path("outbox/", views.outbox, name="messages"),
    path("outbox/<int:message_id>", views.show_message, name="message"),
    path("outbox/<int:message_id>/again", views.again, name="message-again"),
]
