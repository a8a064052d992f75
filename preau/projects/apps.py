from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "preau.projects"

    def ready(self) -> None:
        from preau.core.registries import organization_merges
        from preau.projects import causes, merging, perms  # noqa: F401

        organization_merges.register("projects", merging.settle)

        from preau.core.registries import personal_data_sources, project_panels
        from preau.projects import handlers_impact, tasks_impact  # noqa: F401
        from preau.projects.panels_impact import funding_panel, review_panel
        from preau.projects.personal_data import personal_data

        project_panels.register("funding", funding_panel, order=90)
        project_panels.register("review", review_panel, order=95)
        personal_data_sources.register("projects", personal_data, order=25)

        from preau.projects import handlers_sheet, panels_sheet  # noqa: F401

        panels_sheet.register()

        from preau.projects import handlers_help, panels_help, tasks_help  # noqa: F401

        project_panels.register("blockages", panels_help.blockages_panel, order=20)
        project_panels.register("recommendations", panels_help.recommendations_panel, order=30)

        from preau.core import navigation
        from preau.core.registries import dashboard_cards
        from preau.projects import handlers_pair, panels_pair, tasks_pair  # noqa: F401

        project_panels.register("next", panels_pair.what_next, order=10)
        dashboard_cards.register("projects.inbox", panels_pair.to_acknowledge, order=12)
        dashboard_cards.register("projects.assignments", panels_pair.to_answer, order=13)
        for link in (panels_pair.INBOX, panels_pair.SERVICES, panels_pair.FOLLOW_UP):
            navigation.register(link)

        from preau.projects import cards_filing, handlers_filing, tasks_filing  # noqa: F401

        for link in cards_filing.LINKS:
            navigation.register(link)
        dashboard_cards.register("projects.drafts", cards_filing.to_finish, order=30)
