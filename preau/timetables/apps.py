from django.apps import AppConfig


class TimetablesConfig(AppConfig):
    name = "preau.timetables"

    def ready(self) -> None:
        from preau.timetables import perms

        assert perms  # which declares the matrix
