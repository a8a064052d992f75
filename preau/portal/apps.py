from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "preau.portal"

    def ready(self) -> None:
        from preau.core.registries import dashboard_cards
        from preau.portal.mail.cards import failures_card

        dashboard_cards.register("mail_failures", failures_card, order=10)
