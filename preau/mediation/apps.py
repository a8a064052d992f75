from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "preau.mediation"

    def ready(self) -> None:
        from preau.mediation import perms

        assert perms  # which declares the matrix
