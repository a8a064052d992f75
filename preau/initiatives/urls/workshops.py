"""Addresses of workshops and of the watch list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from preau.initiatives.views import workshops as views

_W = "ateliers/<uuid:workshop_key>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ateliers/", views.workshops, name="workshops"),
    path("ateliers/reponse/<str:workshop_token>/", views.by_link, name="workshop_by_link"),
    path(f"{_W}/", views.workshop, name="workshop"),
    path(f"{_W}/atelier.ics", views.calendar, name="workshop_ics"),
    path(f"{_W}/modifier/", views.edit, name="workshop_edit"),
    path(f"{_W}/inviter/", views.invite, name="workshop_invite"),
    path(f"{_W}/annuler/", views.cancel, name="workshop_cancel"),
    path(f"{_W}/compte-rendu/", views.minutes, name="workshop_minutes"),
    path(f"{_W}/conclusions/ajouter/", views.conclusion, name="workshop_conclusion"),
    path(f"{_W}/conclure/", views.conclude, name="workshop_conclude"),
    path(
        "ateliers/invites/<int:workshop_guest_id>/retirer/",
        views.uninvite,
        name="workshop_uninvite",
    ),
    path("piloter/ateliers/", views.desk, name="workshop_desk"),
    path("piloter/ateliers/ajouter/", views.add, name="workshop_add"),
    path("piloter/veille/<int:watch_id>/clore/", views.watch_close, name="watch_close"),
]
