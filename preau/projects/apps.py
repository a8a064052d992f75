from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "preau.projects"

    def ready(self) -> None:
        from preau.core.registries import organization_merges, personal_data_sources
        from preau.projects import (  # noqa: F401  (some only register what they hold)
            cards,
            causes,
            handlers,
            merging,
            perms,
            tasks,
        )
        from preau.projects.panels import help as help_panels
        from preau.projects.panels import impact, pair, sheet
        from preau.projects.personal_data import personal_data

        organization_merges.register("projects", merging.settle)
        personal_data_sources.register("projects", personal_data, order=25)
        for part in (cards, pair, help_panels, sheet, impact):
            part.register()
