from django.apps import AppConfig


class ChartersConfig(AppConfig):
    name = "preau.charters"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.charters import (  # noqa: F401  (some only register)
            cards,
            handlers,
            merging,
            perms,
            queries,
            tasks,
            topics,
        )
        from preau.core.navigation import Link, register, signed_in
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
        register(Link("Chartes des lieux partagés", "charters:all", order=60, menu=False))
        register(
            Link(
                "Réseaux de lieux",
                "charters:networks",
                order=85,
                visible=signed_in,
                menu=False,
                hub="piloter",
                text="Reconnaître d’un lieu à l’autre les membres de chacun, sous ses règles.",
            )
        )
        register(
            Link(
                "Chartes",
                "charters:mine",
                order=80,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Tenir une charte des lieux partagés : texte, adhésions signées, labels.",
            )
        )
