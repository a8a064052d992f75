from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "preau.resources"
