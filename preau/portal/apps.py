from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "preau.portal"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.core import navigation
        from preau.core.header import header_links
        from preau.core.registries import dashboard_cards
        from preau.portal.mail.cards import failures_card
        from preau.portal.notices import handlers  # noqa: F401
        from preau.portal.notices.bell import bell
        from preau.portal.service.cards import service_card

        header_links.register("notices", bell, order=10)
        dashboard_cards.register("mail_failures", failures_card, order=10)
        dashboard_cards.register("service", service_card, order=15)
        navigation.register(
            navigation.Link("Proposer", "portal:propose", order=16, gathers="proposer")
        )
        navigation.register(
            navigation.Link("Piloter", "portal:steer", order=45, visible=steers, gathers="piloter")
        )
