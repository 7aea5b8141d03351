from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "colisage.portal"
