from django.apps import AppConfig


class CapacityConfig(AppConfig):
    name = "preau.capacity"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.capacity import handlers, panels, perms
        from preau.core import navigation
        from preau.core.registries import place_panels

        place_panels.register("capacity", panels.of_place, order=50)
        assert handlers, perms  # the first listens, the second declares the matrix
        for label, name, order, text in (
            (
                "Capacité des lieux",
                "capacity:overview",
                40,
                "Heures ouvertes, occupées et libres d’un territoire, et qui pourrait en profiter.",
            ),
            (
                "Impact des lieux",
                "capacity:impact",
                80,
                "Occupation avant et après, distances évitées, services, heures révélées.",
            ),
        ):
            navigation.register(
                navigation.Link(
                    label, name, order=order, visible=steers, menu=False, hub="piloter", text=text
                )
            )
