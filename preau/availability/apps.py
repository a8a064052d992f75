from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "preau.availability"

    def ready(self) -> None:
        from preau.availability import handlers, panels  # noqa: F401
        from preau.core.registries import place_panels

        place_panels.register("availability.hours", panels.hours_of_place, order=20)
