from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "preau.portfolio"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.core import navigation
        from preau.core.registries import (
            booking_panels,
            organization_merges,
            place_panels,
            project_panels,
        )
        from preau.portfolio import living, perms
        from preau.portfolio.bringing.merging import move_names

        project_panels.register("portfolio.living", living.of_project, order=100)
        booking_panels.register("portfolio.living", living.of_booking, order=5)
        place_panels.register("portfolio.living", living.of_place, order=40)
        organization_merges.register("portfolio", move_names)
        assert perms  # which declares the matrix
        navigation.register(
            navigation.Link(
                "Projets du territoire",
                "portfolio:projects",
                order=10,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Liste, carte, tableau, portefeuilles, chiffres et exports des projets.",
            )
        )
