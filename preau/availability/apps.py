from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "preau.availability"

    def ready(self) -> None:
        from preau.availability import handlers, panels
        from preau.core.registries import archive_objections, place_panels, space_panels

        place_panels.register("availability.hours", panels.hours_of_place, order=20)
        space_panels.register("availability.hours", panels.hours_of_space, order=20)
        archive_objections.register("availability.coming", handlers.objection_to_archiving)
