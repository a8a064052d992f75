from django.apps import AppConfig


class StatsConfig(AppConfig):
    name = "preau.stats"

    def ready(self) -> None:
        from preau.core import navigation

        navigation.register(navigation.Link("Statistiques", "stats:public", order=90, menu=False))
