from django.apps import AppConfig


class EconomicsConfig(AppConfig):
    name = "preau.economics"

    def ready(self) -> None:
        from preau.economics import perms

        assert perms  # which declares the matrix
