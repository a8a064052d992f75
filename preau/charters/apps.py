from django.apps import AppConfig


class ChartersConfig(AppConfig):
    name = "preau.charters"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.charters import cards, handlers, perms, tasks, topics  # noqa: F401
        from preau.core.navigation import Link, register
        from preau.core.registries import place_panels, public_place_panels

        place_panels.register("charters", cards.of_managed_place, order=45)
        public_place_panels.register("charters", cards.of_public_place, order=20)
        register(Link("Chartes des lieux partagés", "charters:all", order=60, menu=False))
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
