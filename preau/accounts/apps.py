from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.utils.module_loading import autodiscover_modules


def _is_operator(request: HttpRequest) -> bool:
    return bool(getattr(request, "user", None) and getattr(request.user, "is_operator", False))


class AccountsConfig(AppConfig):
    name = "preau.accounts"

    def ready(self) -> None:
        from preau.accounts import following, handlers  # noqa: F401  receivers
        from preau.core.navigation import Link, register, signed_in

        post_migrate.connect(following.guard_tables, sender=self)
        autodiscover_modules("perms")  # every room's lines, before any page asks for one
        register(
            Link(
                "Mes structures", "accounts:organizations", order=80, visible=signed_in, menu=False
            )
        )
        register(
            Link("Structures à vérifier", "accounts:to_verify", order=60, visible=_is_operator)
        )
        register(Link("Mon compte", "accounts:profile", order=90, visible=signed_in, menu=False))
