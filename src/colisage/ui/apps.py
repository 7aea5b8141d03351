from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design system."""

    name = "colisage.ui"
