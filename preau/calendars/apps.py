from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "preau.calendars"

    def ready(self) -> None:
        from preau.calendars import handlers, outside, panels, personal_data, tasks, topics  # noqa: F401
        from preau.core.registries import personal_data_sources, place_panels

        place_panels.register("calendars.outside", panels.of_place, order=35)
        personal_data_sources.register("calendars", personal_data.of, order=90)
        outside.make_known()
