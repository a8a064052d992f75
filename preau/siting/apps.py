from django.apps import AppConfig


class SitingConfig(AppConfig):
    name = "preau.siting"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.core import navigation
        from preau.core.registries import project_panels
        from preau.siting import panels, perms, topics

        assert perms and topics  # which declare the matrix, and what people are told about
        project_panels.register("siting.place", panels.of_project, order=105)
        navigation.register(
            navigation.Link(
                "Études d’implantation",
                "siting:list",
                order=50,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Où ouvrir les prochains lieux : scénarios, communes mal desservies, carte.",
            )
        )
        navigation.register(
            navigation.Link(
                "Veille",
                "siting:watch",
                order=55,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Ce qui émerge sur le territoire, à côté de ce qui manque.",
            )
        )
