from django.apps import AppConfig


class StatsConfig(AppConfig):
    name = "preau.stats"
