from django.apps import AppConfig


class EconomicsConfig(AppConfig):
    name = "preau.economics"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.core.navigation import Link, register
        from preau.core.registries import (
            organization_merges,
            personal_data_sources,
            project_panels,
        )
        from preau.economics import merging, panels, perms, personal_data, tasks, topics  # noqa: F401

        organization_merges.register("economics", merging.settle)
        personal_data_sources.register("economics", personal_data.of_person)
        project_panels.register("economics", panels.of_project, order=106)
        register(
            Link(
                "Partage des coûts",
                "economics:allocations",
                order=85,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Ce que coûte un lieu, qui s’en sert, trois façons de partager côte à côte.",
            )
        )
        register(
            Link(
                "Négociations groupées",
                "economics:rounds",
                order=86,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Inviter ensemble fournisseurs et propriétaires, jusqu’à couvrir les charges.",
            )
        )
