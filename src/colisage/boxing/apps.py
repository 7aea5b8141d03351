from django.apps import AppConfig


class BoxingConfig(AppConfig):
    name = "colisage.boxing"
