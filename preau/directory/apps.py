from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "preau.directory"

    def ready(self) -> None:
        from preau.directory import handlers, perms

        assert handlers and perms  # who listens, and the matrix
