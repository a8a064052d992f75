"""Addresses of listings."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from preau.initiatives.views import flows, listing_moderation, listings, my_listings

_MINE = "mes-annonces/<uuid:listing_key>"
_READ = "piloter/annonces/<uuid:listing_key>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("annonces/", listings.listing_list, name="listing_list"),
    path("annonces/<uuid:listing_key>/", listings.show, name="listing_show"),
    path("annonces/<uuid:listing_key>/repondre/", listings.answer, name="listing_reply"),
    path("annonces/<uuid:listing_key>/signaler/", listings.signal, name="listing_signal"),
    path("annonces/<uuid:listing_key>/photo.webp", listings.photo, name="listing_photo"),
    path("annonces/messages/<int:answer_id>/", listings.conversation, name="listing_answer"),
    path("mes-annonces/", my_listings.mine, name="listing_mine"),
    path("mes-annonces/nouvelle/", my_listings.create, name="listing_create"),
    path(f"{_MINE}/", my_listings.manage, name="listing_manage"),
    path(f"{_MINE}/modifier/", my_listings.edit, name="listing_edit"),
    path(f"{_MINE}/publier/", my_listings.publish, name="listing_publish"),
    path(f"{_MINE}/retirer/", my_listings.withdraw, name="listing_withdraw"),
    path(f"{_MINE}/reprendre/", my_listings.take_up, name="listing_take_up"),
    path(f"{_MINE}/prolonger/", my_listings.renew, name="listing_renew"),
    path(f"{_MINE}/photo/retirer/", my_listings.remove_photo, name="listing_remove_photo"),
    path(f"{_MINE}/conclure/", my_listings.conclude, name="listing_conclude"),
    path(
        "mes-annonces/rapprochements/<int:suggestion_id>/ecarter/",
        my_listings.dismiss,
        name="listing_dismiss",
    ),
    path("piloter/annonces/", listing_moderation.queue, name="listing_queue"),
    path(f"{_READ}/", listing_moderation.judge, name="listing_judge"),
    path(f"{_READ}/publier/", listing_moderation.let_through, name="listing_let_through"),
    path(f"{_READ}/signalements/", listing_moderation.close_signals, name="listing_close_signals"),
    path("projets/<uuid:flow_project_key>/flux/", flows.flows, name="flows"),
    path("projets/<uuid:flow_project_key>/flux/ajouter/", flows.add, name="flow_add"),
    path("projets/flux/<int:flow_id>/terminer/", flows.end, name="flow_end"),
]
