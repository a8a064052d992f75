from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "preau.agreements"

    def ready(self) -> None:
        from preau.agreements import cards, merging
        from preau.agreements.providers import chosen
        from preau.core.registries import (
            dashboard_cards,
            organization_merges,
            organization_past,
            place_panels,
        )
        from preau.outside import registry

        registry.register(chosen.service())
        dashboard_cards.register("agreements.rounds", cards.rounds_to_sign, order=40)
        organization_merges.register("agreements", merging.settle)
        organization_past.add("agreements.AgreementCounter")  # counts the numbers it gave itself
        place_panels.register("agreements.place", cards.agreements_of_place, order=25)
