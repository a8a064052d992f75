from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "preau.api"

    def ready(self) -> None:
        from preau.api import handlers, topics  # noqa: F401
        from preau.api.merging import settle
        from preau.api.models import WebhookDelivery, WebhookEndpoint
        from preau.api.personal_data import personal_data
        from preau.core import navigation
        from preau.core.registries import organization_merges, personal_data_sources
        from preau.outside import registry

        organization_merges.register("api", settle)
        personal_data_sources.register("api", personal_data, order=90)
        navigation.register(
            navigation.Link("API pour les développeurs", "api:docs", order=92, menu=False)
        )
        registry.register(
            registry.OutsideService(
                key="webhooks",
                name="Webhooks",
                purpose="Les programmes des structures sont prévenus de ce qui change.",
                without="Les envois attendent et sont retentés pendant une journée ; le journal du"
                " webhook permet de les renvoyer.",
                is_configured=lambda: WebhookEndpoint.objects.filter(disabled_at=None).exists(),
                waiting=lambda: WebhookDelivery.objects.filter(ended_at=None).count(),
            )
        )
