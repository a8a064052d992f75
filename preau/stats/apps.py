from django.apps import AppConfig


class StatsConfig(AppConfig):
    name = "preau.stats"

    def ready(self) -> None:
        from preau.core import navigation
        from preau.core.registries import public_figures
        from preau.stats.queries import for_machines

        public_figures.register("stats", for_machines)
        navigation.register(navigation.Link("Statistiques", "stats:public", order=90, menu=False))
