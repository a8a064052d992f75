from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "preau.booking"

    def ready(self) -> None:
        from preau.booking import cards, desk_cards, handlers  # noqa: F401
        from preau.booking.personal_data import personal_data
        from preau.core import navigation
        from preau.core.registries import (
            dashboard_cards,
            personal_data_sources,
            place_panels,
        )

        mine = navigation.Link(
            "Mes réservations", "booking:mine", order=20, visible=navigation.signed_in
        )
        navigation.register(mine)
        desk = navigation.Link("Gérer", "booking:desk", order=40, visible=desk_cards.manages)
        navigation.register(desk)
        dashboard_cards.register("booking.to_treat", desk_cards.to_treat, order=5)
        place_panels.register("booking.planning", desk_cards.planning_of_place, order=10)
        dashboard_cards.register("booking.to_change", cards.to_change, order=10)
        dashboard_cards.register("booking.next", cards.next_coming, order=40)
        personal_data_sources.register("booking", personal_data, order=20)
