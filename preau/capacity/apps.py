from django.apps import AppConfig


class CapacityConfig(AppConfig):
    name = "preau.capacity"

    def ready(self) -> None:
        from preau.capacity import perms

        assert perms  # which declares the matrix
