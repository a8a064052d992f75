from django.apps import AppConfig


class MirrorsConfig(AppConfig):
    name = "preau.mirrors"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.core import navigation
        from preau.core.registries import personal_data_sources
        from preau.mirrors import perms, queries, servers, topics
        from preau.mirrors.personal_data import personal_data
        from preau.outside import registry
        from preau.outside.registry import OutsideService

        assert perms and topics  # which declare the matrix, and what people are told about
        personal_data_sources.register("mirrors", personal_data, order=75)
        registry.register(
            OutsideService(
                key="grist",
                name="Grist",
                purpose="Tient à jour, dans des documents Grist, les projets, recommandations,"
                " demandes de financement et réservations de leurs structures.",
                without="Les documents gardent ce qu’ils contiennent ; ce qui change part quand"
                " Grist répond de nouveau. Les exports restent possibles.",
                is_configured=servers.is_configured,
                settings=("PREAU_GRIST_HOSTS",),
                waiting=queries.waiting,
            )
        )
        navigation.register(
            navigation.Link(
                "Miroirs Grist",
                "mirrors:list",
                order=80,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Vos projets, financements et réservations dans un document Grist, à jour.",
            )
        )
