from importlib import import_module

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "colisage.kit"

    def ready(self) -> None:
        """Teach columns what else they may be asked."""
        import_module("colisage.kit.lookups")
