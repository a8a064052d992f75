from django.apps import AppConfig


class TimetablesConfig(AppConfig):
    name = "preau.timetables"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.core import navigation
        from preau.core.registries import (
            access_entitlements,
            dashboard_cards,
            personal_data_sources,
            place_panels,
            public_place_panels,
        )
        from preau.timetables import cards, doors, perms, topics  # noqa: F401

        navigation.register(
            navigation.Link(
                "Permanences",
                "timetables:list",
                order=50,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Composer la semaine des services dans les lieux du territoire, la publier.",
            )
        )
        dashboard_cards.register("timetables.to_answer", cards.to_answer, order=40)
        place_panels.register("timetables", cards.of_managed_place, order=35)
        public_place_panels.register("timetables", cards.of_public_place, order=10)
        personal_data_sources.register("timetables", cards.personal_data, order=60)
        access_entitlements.register("timetables", doors.entitled)
