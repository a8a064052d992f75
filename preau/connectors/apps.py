from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "preau.connectors"

    def ready(self) -> None:
        from preau.accounts.actors import by_operator
        from preau.connectors import cards, known, perms, tasks  # noqa: F401
        from preau.connectors.procedures import panels, topics  # noqa: F401
        from preau.connectors.procedures import perms as procedure_perms  # noqa: F401
        from preau.core.navigation import Link, register
        from preau.core.registries import dashboard_cards

        known.register_all()
        register(Link("Services extérieurs", "connectors:services", order=61, visible=by_operator))
        dashboard_cards.register("connectors.paused", cards.paused_services, order=20)
        panels.register()
