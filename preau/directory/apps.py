from django.apps import AppConfig
from django.http import HttpRequest


class DirectoryConfig(AppConfig):
    name = "preau.directory"

    def ready(self) -> None:
        from preau.accounts.actors import ANONYMOUS
        from preau.accounts.steering import steers
        from preau.core import navigation
        from preau.core.registries import (
            dashboard_cards,
            organization_merges,
            personal_data_sources,
            place_panels,
            public_place_panels,
        )
        from preau.directory import handlers, panels, people, perms, topics

        def keeps(request: HttpRequest) -> bool:
            actor = getattr(request, "actor", ANONYMOUS)
            return actor.is_operator or actor.organization is not None

        assert handlers and topics  # who listens, and what is told
        navigation.register(navigation.Link("Annuaire", "directory:list", order=12))
        navigation.register(
            navigation.Link(
                "Annuaire : à traiter", "directory:inbox", order=86, visible=keeps, menu=False
            )
        )
        navigation.register(
            navigation.Link(
                "Reprendre une liste de lieux",
                "directory:bringing",
                order=87,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Une liste que vous tenez déjà entre dans l’annuaire, vérifiée ligne à ligne.",
            )
        )
        navigation.register(
            navigation.Link(
                "Données ouvertes de l’annuaire", "directory:open_data", order=96, menu=False
            )
        )
        place_panels.register("directory.sheet", panels.manager_panel, order=40)
        public_place_panels.register("directory.sheet", panels.public_panel, order=10)
        dashboard_cards.register("directory.to_moderate", panels.to_moderate, order=55)
        organization_merges.register("directory", people.merge_claims)
        personal_data_sources.register("directory", people.personal_data, order=45)
        assert perms  # the matrix
