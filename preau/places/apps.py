from django.apps import AppConfig
from django.http import HttpRequest


class PlacesConfig(AppConfig):
    name = "preau.places"

    def ready(self) -> None:
        from preau.accounts.actors import ANONYMOUS
        from preau.core import navigation
        from preau.core.registries import personal_data_sources
        from preau.places import perms
        from preau.places.queries import personal_data

        def manages(request: HttpRequest) -> bool:
            return perms.has_places(getattr(request, "actor", ANONYMOUS))

        navigation.register(navigation.Link("Mes lieux", "places:list", order=50, visible=manages))
        personal_data_sources.register("places", personal_data, order=10)
