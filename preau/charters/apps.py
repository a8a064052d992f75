from django.apps import AppConfig


class ChartersConfig(AppConfig):
    name = "preau.charters"

    def ready(self) -> None:
        from preau.charters import (  # noqa: F401  (some only register)
            cards,
            handlers,
            links,
            merging,
            perms,
            queries,
            tasks,
            topics,
        )
        from preau.core.registries import (
            organization_merges,
            personal_data_sources,
            place_panels,
            public_place_panels,
        )

        place_panels.register("charters", cards.of_managed_place, order=45)
        organization_merges.register("charters", merging.settle)
        personal_data_sources.register("charters", queries.personal_data, order=65)
        public_place_panels.register("charters", cards.of_public_place, order=20)
        links.register_links()
