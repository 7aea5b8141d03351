from django.apps import AppConfig


class DisruptionsConfig(AppConfig):
    name = "colisage.disruptions"
