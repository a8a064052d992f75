from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "preau.accounts"

    def ready(self) -> None:
        from preau.accounts import following, handlers, ways_in  # noqa: F401  receivers
        from preau.accounts.actors import by_operator
        from preau.core.navigation import Link, register, signed_in

        post_migrate.connect(following.guard_tables, sender=self)
        ways_in.register_services()
        autodiscover_modules("perms")  # every room's lines, before any page asks for one
        register(
            Link(
                "Mes structures", "accounts:organizations", order=80, visible=signed_in, menu=False
            )
        )
        register(Link("Structures à vérifier", "accounts:to_verify", order=60, visible=by_operator))
        register(Link("Mon compte", "accounts:profile", order=90, visible=signed_in, menu=False))
