from django.apps import AppConfig


class SitingConfig(AppConfig):
    name = "preau.siting"

    def ready(self) -> None:
        from preau.accounts.steering import steers
        from preau.core import navigation
        from preau.core.registries import (
            organization_merges,
            personal_data_sources,
            project_panels,
            sheet_merges,
        )
        from preau.siting import panels, perms, topics
        from preau.siting.merging import follow_sheet, settle
        from preau.siting.personal_data import personal_data

        assert perms and topics  # which declare the matrix, and what people are told about
        project_panels.register("siting.place", panels.of_project, order=105)
        personal_data_sources.register("siting", personal_data, order=70)
        organization_merges.register("siting", settle)
        sheet_merges.register("siting", follow_sheet)
        navigation.register(
            navigation.Link(
                "Études d’implantation",
                "siting:list",
                order=50,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Où ouvrir les prochains lieux : scénarios, communes mal desservies, carte.",
            )
        )
        navigation.register(
            navigation.Link(
                "Veille",
                "siting:watch",
                order=55,
                visible=steers,
                menu=False,
                hub="piloter",
                text="Ce qui émerge sur le territoire, à côté de ce qui manque.",
            )
        )
