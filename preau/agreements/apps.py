from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "preau.agreements"

    def ready(self) -> None:
        from preau.agreements import cards
        from preau.core.registries import place_panels

        place_panels.register("agreements.place", cards.agreements_of_place, order=25)
