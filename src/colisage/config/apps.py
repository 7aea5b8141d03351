from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "colisage.config"
    label = "config"
