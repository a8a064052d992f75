from importlib import import_module

from django.apps import AppConfig

SUBJECTS = ("calls", "kits", "workshops", "campaigns", "listings", "stories")


class InitiativesConfig(AppConfig):
    name = "preau.initiatives"

    def ready(self) -> None:
        from preau.initiatives import perms

        assert perms  # which declares the matrix
        for subject in SUBJECTS:
            import_module(f"preau.initiatives.registering.{subject}").register()
