from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "preau.directory"

    def ready(self) -> None:
        from preau.directory import perms

        assert perms  # which declares the matrix
