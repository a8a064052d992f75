"""Addresses of the guide that opens a first place."""

from django.urls import URLPattern, path

from preau.desk.setup import proof, views

ONE = "<int:organization_id>/"

urlpatterns: list[URLPattern] = [
    path("", views.start, name="setup"),
    path(ONE, views.home, name="setup_home"),
    path(f"{ONE}verification/", proof.verification, name="setup_verification"),
    path(f"{ONE}lieu/", views.place, name="setup_place"),
    path(f"{ONE}espace/", views.space, name="setup_space"),
    path(f"{ONE}horaires/", views.hours, name="setup_hours"),
    path(f"{ONE}prix/", views.price, name="setup_price"),
    path(f"{ONE}regles/", views.rules, name="setup_rules"),
    path(f"{ONE}convention/", views.agreement, name="setup_agreement"),
    path(f"{ONE}signataire/", views.signatory, name="setup_signatory"),
    path(f"{ONE}publier/", views.publish, name="setup_publish"),
]
