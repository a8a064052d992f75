from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "preau.agreements"

    def ready(self) -> None:
        from preau.agreements import cards
        from preau.core.registries import dashboard_cards, place_panels

        dashboard_cards.register("agreements.rounds", cards.rounds_to_sign, order=40)
        place_panels.register("agreements.place", cards.agreements_of_place, order=25)
