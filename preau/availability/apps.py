from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "preau.availability"

    def ready(self) -> None:
        from preau.availability import handlers  # noqa: F401
