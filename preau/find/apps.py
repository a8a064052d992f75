from django.apps import AppConfig


class FindConfig(AppConfig):
    name = "preau.find"

    def ready(self) -> None:
        from preau.core import navigation

        navigation.register(navigation.Link("Trouver", "find:search", order=10))
