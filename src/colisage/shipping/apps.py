from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "colisage.shipping"
