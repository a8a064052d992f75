from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "preau.projects"

    def ready(self) -> None:
        from preau.projects import causes, perms  # noqa: F401
