from django.apps import AppConfig


class EconomicsConfig(AppConfig):
    name = "preau.economics"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.core.navigation import Link, register
        from preau.core.registries import organization_merges
        from preau.economics import merging, perms, tasks, topics  # noqa: F401

        organization_merges.register("economics", merging.settle)
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
