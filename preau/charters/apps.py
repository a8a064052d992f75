from django.apps import AppConfig


class ChartersConfig(AppConfig):
    name = "preau.charters"

    def ready(self) -> None:
        from preau.charters import perms

        assert perms  # which declares the matrix
