from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "preau.conversations"

    def ready(self) -> None:
        from preau.conversations.merging import move_audiences
        from preau.conversations.queries import personal_data
        from preau.core.registries import organization_merges, personal_data_sources

        organization_merges.register("conversations", move_audiences)
        personal_data_sources.register("conversations", personal_data, order=30)
