from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "preau.payments"

    def ready(self) -> None:
        from preau.core.navigation import Link, register, signed_in
        from preau.core.registries import (
            dashboard_cards,
            organization_merges,
            personal_data_sources,
            place_panels,
        )
        from preau.outside import registry
        from preau.payments import (  # noqa: F401
            cards,
            handlers,
            perms,
            tasks,
            topics,
        )
        from preau.payments.actions.offices import settle_merge
        from preau.payments.people import personal_data
        from preau.payments.service import PAYFIP

        registry.register(PAYFIP)
        cards.register()
        register(Link("Mes paiements", "payments:mine", order=71, visible=signed_in, menu=False))
        register(
            Link("Régies et paiements", "payments:offices", order=72, visible=signed_in, menu=False)
        )
        dashboard_cards.register("payments.to_pay", cards.to_pay, order=7)
        dashboard_cards.register("payments.to_see_to", cards.to_see_to, order=3)
        dashboard_cards.register("payments.offices", cards.offices, order=36)
        place_panels.register("payments.office", cards.office_of_place, order=22)
        organization_merges.register("payments", settle_merge)
        personal_data_sources.register("payments", personal_data, order=45)
