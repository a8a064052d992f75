from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "preau.booking"

    def ready(self) -> None:
        from preau.booking import handlers  # noqa: F401
