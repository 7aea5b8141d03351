"""The merchant's rules, beside the orders."""

from django.urls import path

from colisage.automation import views

urlpatterns = [
    path("orders/rules/", views.rules, name="rules"),
    path("orders/watch", views.watch, name="watch"),
    path("orders/rules/new", views.new_rule, name="rule-new"),
    path("orders/rules/<int:rule_id>", views.rule, name="rule"),
    path("orders/rules/<int:rule_id>/trial", views.trial, name="rule-trial"),
    path("orders/rules/<int:rule_id>/switch", views.switch, name="rule-switch"),
    path("orders/rules/<int:rule_id>/move", views.move, name="rule-move"),
]
