from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "preau.pricing"

    def ready(self) -> None:
        from preau.core.registries import place_panels, space_panels
        from preau.pricing import panels

        place_panels.register("pricing.tariff", panels.prices_of_place, order=30)
        space_panels.register("pricing.tariff", panels.prices_of_space, order=30)
