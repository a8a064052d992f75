from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "preau.directory"

    def ready(self) -> None:
        from preau.core import navigation
        from preau.core.registries import (
            dashboard_cards,
            organization_merges,
            personal_data_sources,
            place_panels,
            public_place_panels,
        )
        from preau.directory import handlers, panels, people, perms, topics
        from preau.directory.links import LINKS

        assert handlers and topics  # who listens, and what is told
        for link in LINKS:
            navigation.register(link)
        place_panels.register("directory.sheet", panels.manager_panel, order=40)
        public_place_panels.register("directory.sheet", panels.public_panel, order=10)
        dashboard_cards.register("directory.to_moderate", panels.to_moderate, order=55)
        organization_merges.register("directory", people.merge_claims)
        personal_data_sources.register("directory", people.personal_data, order=45)
        assert perms  # the matrix
