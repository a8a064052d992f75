from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "preau.pricing"

    def ready(self) -> None:
        from preau.accounts.actions.merging import rename_twins
        from preau.core.registries import organization_merges, place_panels, space_panels
        from preau.pricing import panels
        from preau.pricing.models import Tariff

        organization_merges.register(
            "pricing",
            lambda source, target: rename_twins(
                Tariff.objects.filter(is_archived=False), source, target, longest=120
            ),
        )

        place_panels.register("pricing.tariff", panels.prices_of_place, order=30)
        space_panels.register("pricing.tariff", panels.prices_of_space, order=30)
