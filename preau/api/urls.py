"""Addresses of the room: the API, its documentation, and the pages of its tokens."""

from django.urls import URLPattern, URLResolver, include, path, re_path

import preau.api.perms  # noqa: F401  (declares the matrix)
from preau.api.http.guard import guarded
from preau.api.service import PREFIX, api
from preau.api.views import docs, tokens, webhooks

app_name = "api"


def _routes() -> list[URLPattern | URLResolver]:
    """Ninja’s addresses, each behind the guard; « api-root » says nothing that 404 does not."""
    found = []
    for one in api.urls[0]:
        if isinstance(one, URLPattern) and one.name != "api-root":
            one.callback = guarded(one.callback)
            found.append(one)
    return [*found, re_path(r"", guarded(docs.nothing_there), name="nothing")]


ONE = "compte/structures/<int:organization_id>/api/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", docs.documentation, name="docs"),
    path(f"{PREFIX}openapi.json", guarded(docs.openapi), name="openapi"),
    path(PREFIX.rstrip("/"), guarded(docs.nothing_there), name="root"),
    path(PREFIX, include((_routes(), "v1"))),
    path(ONE, tokens.home, name="home"),
    path(f"{ONE}jetons/nouveau/", tokens.create, name="token_create"),
    path("api/jetons/<int:api_token_id>/revoquer/", tokens.revoke, name="token_revoke"),
    path(f"{ONE}webhooks/nouveau/", webhooks.create, name="webhook_create"),
    path("api/webhooks/<uuid:webhook_key>/", webhooks.endpoint, name="webhook"),
    path("api/webhooks/<uuid:webhook_key>/modifier/", webhooks.edit, name="webhook_edit"),
    path("api/webhooks/<uuid:webhook_key>/secret/", webhooks.rotate, name="webhook_rotate"),
    path("api/webhooks/<uuid:webhook_key>/essai/", webhooks.ping, name="webhook_ping"),
    path("api/webhooks/<uuid:webhook_key>/arret/", webhooks.stop, name="webhook_stop"),
    path("api/webhooks/<uuid:webhook_key>/reprise/", webhooks.resume, name="webhook_resume"),
    path("api/envois/<uuid:message_key>/", webhooks.delivery, name="delivery"),
    path("api/envois/<uuid:message_key>/renvoyer/", webhooks.replay, name="delivery_replay"),
]
