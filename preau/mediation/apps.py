from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "preau.mediation"

    def ready(self) -> None:
        from preau.core.navigation import Link, register, signed_in
        from preau.core.registries import (
            organization_merges,
            organization_past,
            personal_data_sources,
            public_place_panels,
            sheet_merges,
            sheet_panels,
        )
        from preau.mediation import cards, handlers, merging, perms, queries, tasks, topics  # noqa: F401  # noqa: F401

        sheet_panels.register("mediation.agenda", cards.agenda_of_sheet, order=30)
        public_place_panels.register("mediation.agenda", cards.agenda_of_place, order=30)
        personal_data_sources.register("mediation", queries.personal_data, order=60)
        organization_merges.register("mediation", merging.settle)
        sheet_merges.register("mediation", merging.follow_sheet)
        organization_past.add("mediation.FollowUpFile")  # a reference names who gave it
        register(Link("Agenda des lieux", "mediation:agenda", order=30, menu=False))
        register(
            Link(
                "Médiation",
                "mediation:mine",
                order=75,
                visible=signed_in,
                menu=False,
                hub="piloter",
                text="Compter les visites, suivre un dossier avec l’accord de la personne,"
                " tenir le registre des formations et l’agenda.",
            )
        )
