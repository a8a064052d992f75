"""Addresses of campaigns and pledges."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from preau.initiatives.views import campaigns, running_campaigns

_RUN = "projets/collectes/<uuid:campaign_key>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("collectes/", campaigns.campaign_list, name="campaign_list"),
    path("collectes/<uuid:campaign_key>/", campaigns.show, name="campaign_show"),
    path("collectes/promettre/<int:asked_target_id>/", campaigns.pledge, name="pledge"),
    path("collectes/apport/<str:pledge_token>/", campaigns.by_link, name="pledge_by_link"),
    path(
        "collectes/apports/<uuid:pledge_key>/annuler/", campaigns.withdraw, name="pledge_withdraw"
    ),
    path(
        "projets/<uuid:campaign_project_key>/collectes/nouvelle/",
        running_campaigns.create,
        name="campaign_create",
    ),
    path(f"{_RUN}/", running_campaigns.manage, name="campaign_manage"),
    path(f"{_RUN}/modifier/", running_campaigns.edit, name="campaign_edit"),
    path(f"{_RUN}/objectifs/", running_campaigns.add_target, name="campaign_target"),
    path(f"{_RUN}/ouvrir/", running_campaigns.launch, name="campaign_launch"),
    path(f"{_RUN}/montant/", running_campaigns.report, name="campaign_report"),
    path(f"{_RUN}/annuler/", running_campaigns.cancel, name="campaign_cancel"),
    path(
        "projets/collectes/objectifs/<int:target_id>/retirer/",
        running_campaigns.remove_target,
        name="campaign_target_remove",
    ),
    path(
        "projets/collectes/apports/<uuid:pledge_key>/",
        running_campaigns.decide,
        name="pledge_decide",
    ),
]
