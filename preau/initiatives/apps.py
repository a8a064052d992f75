from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "preau.initiatives"

    def ready(self) -> None:
        from preau.initiatives import perms

        assert perms  # which declares the matrix
