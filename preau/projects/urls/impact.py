"""Funding requests, review at closing, feedback on programmes."""

from django.urls import URLPattern, path

from preau.projects.views import feedback, impact

urlpatterns: list[URLPattern] = [
    path("projets/<uuid:key>/financements/", impact.funding, name="funding"),
    path("projets/<uuid:key>/financements/ajouter/", impact.funding_add, name="funding_add"),
    path(
        "projets/<uuid:key>/financements/<int:funding_id>/",
        impact.funding_edit,
        name="funding_edit",
    ),
    path("projets/<uuid:key>/bilan/", impact.review, name="review"),
    path("projets/<uuid:key>/bilan/ecrire/", impact.review_write, name="review_write"),
    path("projets/<uuid:key>/clore/", impact.close, name="close"),
    path("projets/<uuid:key>/ou-en-est-il/", impact.where, name="where"),
    path("programmes/<slug:slug>/avis/", feedback.read, name="feedback"),
    path("programmes/<slug:slug>/avis/donner/", feedback.give, name="feedback_give"),
]
