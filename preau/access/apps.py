from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "preau.access"

    def ready(self) -> None:
        from preau.access import cards, handlers, perms, topics  # noqa: F401
        from preau.access.makers import register_services
        from preau.access.personal_data import personal_data
        from preau.core import navigation
        from preau.core.registries import dashboard_cards, personal_data_sources, place_panels

        register_services()
        navigation.register(
            navigation.Link(
                "Mes codes d’accès", "access:mine", order=25, visible=cards.has_codes, menu=False
            )
        )
        dashboard_cards.register("access.next_door", cards.next_door, order=2)
        place_panels.register("access", cards.doors_of_place, order=22)
        personal_data_sources.register("access", personal_data, order=30)
