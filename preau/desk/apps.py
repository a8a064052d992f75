from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "preau.desk"

    def ready(self) -> None:
        from preau.core import navigation
        from preau.core.registries import (
            booking_panels,
            dashboard_cards,
            deposit_evidence,
            place_panels,
        )
        from preau.desk import cards, evidence
        from preau.desk.setup.cards import first_place
        from preau.places.perms import keeps_places

        desk = navigation.Link("Gérer", "desk:today", order=40, visible=keeps_places)
        navigation.register(desk)
        dashboard_cards.register("desk.to_treat", cards.to_treat, order=5)
        dashboard_cards.register("desk.my_day", cards.my_day, order=4)
        dashboard_cards.register("desk.setup", first_place, order=6)
        booking_panels.register("desk.inventories", cards.inventories_of_booking, order=10)
        booking_panels.register("desk.next", cards.after_this_one, order=20)
        deposit_evidence.register("desk.inventories", evidence.of_source)
        place_panels.register("desk.planning", cards.planning_of_place, order=10)
