from django.apps import AppConfig


class SourcingConfig(AppConfig):
    name = "colisage.sourcing"
