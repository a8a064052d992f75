from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "preau.desk"

    def ready(self) -> None:
        from preau.core import navigation
        from preau.core.registries import dashboard_cards, place_panels
        from preau.desk import cards

        desk = navigation.Link("Gérer", "desk:today", order=40, visible=cards.manages)
        navigation.register(desk)
        dashboard_cards.register("desk.to_treat", cards.to_treat, order=5)
        place_panels.register("desk.planning", cards.planning_of_place, order=10)
