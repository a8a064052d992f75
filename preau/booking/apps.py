from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "preau.booking"

    def ready(self) -> None:
        from preau.accounts.actions.merging import rename_twins
        from preau.booking import cards, deposits, doors, handlers, topics, vat  # noqa: F401
        from preau.booking.models import BookingRules
        from preau.booking.personal_data import personal_data
        from preau.core import navigation
        from preau.core.registries import (
            access_entitlements,
            booking_panels,
            dashboard_cards,
            deposit_begins,
            organization_merges,
            personal_data_sources,
            place_panels,
        )
        from preau.payments.panels import office_alerts

        organization_merges.register(
            "booking",
            lambda source, target: rename_twins(
                BookingRules.objects.filter(is_archived=False), source, target, longest=120
            ),
        )

        mine = navigation.Link(
            "Mes réservations", "booking:mine", order=20, visible=navigation.signed_in
        )
        navigation.register(mine)
        dashboard_cards.register("booking.to_change", cards.to_change, order=10)
        dashboard_cards.register("booking.next", cards.next_coming, order=40)
        place_panels.register("booking.rules", cards.rules_of_place, order=20)
        place_panels.register("booking.waiting", cards.waiting_at_place, order=25)
        personal_data_sources.register("booking", personal_data, order=20)
        access_entitlements.register("booking", doors.entitled)
        deposit_begins.register("booking", deposits.begins_at)
        booking_panels.register("booking.doors", doors.panel, order=1)
        office_alerts.register("booking.vat", vat.alert)
