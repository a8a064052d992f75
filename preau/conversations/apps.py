from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "preau.conversations"

    def ready(self) -> None:
        from preau.conversations.queries import personal_data
        from preau.core.registries import personal_data_sources

        personal_data_sources.register("conversations", personal_data, order=30)
