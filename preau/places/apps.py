from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "preau.places"

    def ready(self) -> None:
        from preau.core import navigation
        from preau.core.registries import personal_data_sources
        from preau.places import perms
        from preau.places.queries import personal_data

        mine = navigation.Link("Mes lieux", "places:list", order=50, visible=perms.keeps_places)
        navigation.register(mine)
        personal_data_sources.register("places", personal_data, order=10)
