from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "preau.notifications"

    def ready(self) -> None:
        from preau.core.registries import personal_data_sources
        from preau.notifications.queries import personal_data

        personal_data_sources.register("notifications", personal_data, order=60)
