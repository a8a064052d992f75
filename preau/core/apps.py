from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "preau.core"

    def ready(self) -> None:
        import_module("preau.core.lookups")  # registers them
