from django.apps import AppConfig
from django.http import HttpRequest


class ResourcesConfig(AppConfig):
    name = "preau.resources"

    def ready(self) -> None:
        from preau.accounts.actors import ANONYMOUS
        from preau.core import navigation
        from preau.core.registries import (
            dashboard_cards,
            organization_past,
            personal_data_sources,
        )
        from preau.outside import registry
        from preau.resources import cards, mirror, perms, topics  # noqa: F401
        from preau.resources.queries import personal_data

        def keeps(request: HttpRequest) -> bool:
            actor = getattr(request, "actor", ANONYMOUS)
            return actor.is_operator or perms.may_create(actor)

        navigation.register(navigation.Link("Ressources", "resources:list", order=15))
        navigation.register(
            navigation.Link(
                "Mes fiches ressources", "resources:mine", order=85, visible=keeps, menu=False
            )
        )
        registry.register(mirror.service())
        dashboard_cards.register("resources.to_do", cards.to_do, order=60)
        organization_past.add("resources.Entry")  # history: whose hat it was that day
        personal_data_sources.register("resources", personal_data, order=40)
