from django.apps import AppConfig


class FindConfig(AppConfig):
    name = "preau.find"

    def ready(self) -> None:
        from preau.core import navigation
        from preau.core.registries import place_panels
        from preau.find import panels

        navigation.register(navigation.Link("Trouver", "find:search", order=10))
        place_panels.register("find.calendar", panels.calendar_of_place, order=30)
