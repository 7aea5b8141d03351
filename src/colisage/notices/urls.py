"""The outbox of messages, and webhooks."""

from django.urls import path

from colisage.notices import views
from colisage.notices.views import webhooks

urlpatterns = [
    path("outbox/", views.outbox, name="messages"),
    path("outbox/<int:message_id>", views.show_message, name="message"),
    path("outbox/<int:message_id>/again", views.again, name="message-again"),
    path("settings/webhooks", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/calls", webhooks.calls, name="webhook-calls"),
    path("settings/webhooks/calls/<int:call_id>", webhooks.call, name="webhook-call"),
    path("settings/webhooks/calls/<int:call_id>/again", webhooks.call_again, name="webhook-call-again"),
    path("settings/webhooks/<int:endpoint_id>", webhooks.webhook, name="webhook"),
    path("settings/webhooks/<int:endpoint_id>/secret", webhooks.renew, name="webhook-renew"),
    path("settings/webhooks/<int:endpoint_id>/switch", webhooks.switch, name="webhook-switch"),
    path("settings/webhooks/<int:endpoint_id>/remove", webhooks.remove, name="webhook-remove"),
    path("settings/webhooks/<int:endpoint_id>/test", webhooks.send_test, name="webhook-test"),
    path("settings/webhooks/<int:endpoint_id>/replay", webhooks.send_period, name="webhook-replay"),
]
