from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "preau.documents"

    def ready(self) -> None:
        from preau.core import navigation
        from preau.core.registries import (
            dashboard_cards,
            organization_merges,
            personal_data_sources,
        )
        from preau.documents import cards, checks, handlers, merging, personal_data, timestamps  # noqa: F401  they register themselves
        from preau.outside import registry

        link = navigation.Link(
            "Mes documents",
            "documents:vault",
            order=70,
            visible=navigation.signed_in,
            menu=False,
        )
        navigation.register(link)
        registry.register(timestamps.service())
        dashboard_cards.register("documents.expiring", cards.expiring, order=25)
        dashboard_cards.register("documents.eliminations", cards.eliminations, order=80)
        organization_merges.register("documents", merging.move_vault)
        personal_data_sources.register("documents", personal_data.personal_data, order=25)
