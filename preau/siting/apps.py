from django.apps import AppConfig


class SitingConfig(AppConfig):
    name = "preau.siting"

    def ready(self) -> None:
        from preau.siting import perms

        assert perms  # which declares the matrix
