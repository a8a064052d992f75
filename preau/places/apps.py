from django.apps import AppConfig
from django.http import HttpRequest


class PlacesConfig(AppConfig):
    name = "preau.places"

    def ready(self) -> None:
        from preau.core import navigation
        from preau.places import perms

        def manages(request: HttpRequest) -> bool:
            return perms.has_places(request.actor)  # type: ignore[attr-defined]

        navigation.register(navigation.Link("Mes lieux", "places:list", order=50, visible=manages))
