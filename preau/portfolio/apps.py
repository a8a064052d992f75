from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "preau.portfolio"

    def ready(self) -> None:
        from preau.core.registries import booking_panels, place_panels, project_panels
        from preau.portfolio import living

        project_panels.register("portfolio.living", living.of_project, order=100)
        booking_panels.register("portfolio.living", living.of_booking, order=5)
        place_panels.register("portfolio.living", living.of_place, order=40)
