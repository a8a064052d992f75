"""The State's pair: inbox, triage, services, absences, follow-up."""

from django.urls import URLPattern, path

from preau.projects.views import followup, inbox, triage
from preau.projects.views import state_services as services

_one = "projets/<uuid:key>/"
_service = "projets/services/<int:service_id>/"

urlpatterns: list[URLPattern] = [
    path("projets/a-trier/", inbox.page, name="inbox"),
    path("projets/suivi/", followup.page, name="follow_up"),
    path(f"{_one}prendre-en-compte/", triage.acknowledge, name="acknowledge"),
    path(f"{_one}trier/", triage.triage_page, name="triage"),
    path(f"{_one}priorite/", triage.priority, name="priority"),
    path(f"{_one}confier/", triage.hand_over, name="hand_over"),
    path(f"{_one}affecter/", triage.assign, name="assign"),
    path(f"{_one}refuser/", triage.refuse, name="refuse"),
    path(f"{_one}reorienter/", triage.redirect, name="redirect"),
    path(f"{_one}qualifier/", triage.qualify, name="qualify"),
    path(f"{_one}accompagner/", triage.accompany, name="accompany"),
    path(f"{_one}redeposer/", triage.come_back, name="come_back"),
    path("projets/affectations/<int:assignment_id>/", triage.assignment, name="assignment"),
    path(
        "projets/affectations/<int:assignment_id>/retirer/",
        triage.end_assignment,
        name="assignment_end",
    ),
    path("projets/services/", services.everything, name="services"),
    path("projets/services/nouveau/", services.new, name="service_new"),
    path(_service, services.page, name="service"),
    path(f"{_service}modifier/", services.edit, name="service_edit"),
    path(f"{_service}referent/", services.referent, name="referent"),
    path(f"{_service}personnes/<int:user_id>/", services.person, name="service_person"),
    path(f"{_service}absences/", services.absence_add, name="absence_add"),
    path(f"{_service}absences/retirer/", services.absence_remove, name="absence_remove"),
    path(f"{_service}regles/", services.rule_add, name="rule_add"),
    path(f"{_service}regles/retirer/", services.rule_remove, name="rule_remove"),
    path("projets/binomes/nouveau/", services.new_pair, name="pair_new"),
    path("projets/binomes/<str:code>/", services.edit_pair, name="pair_edit"),
]
