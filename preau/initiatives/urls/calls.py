"""Addresses of calls for initiatives and submissions."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from preau.initiatives.views import calls, jury, submissions
from preau.initiatives.views import steering_calls as steering

_C = "piloter/appels/<uuid:call_key>"
_S = "candidatures/<uuid:submission_key>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("appels/", calls.calls, name="calls"),
    path("appels/jury/<str:jury_token>/", jury.invitation, name="jury_invitation"),
    path("appels/<uuid:call_key>/", calls.call, name="call"),
    path("appels/<uuid:call_key>/repondre/", calls.answer, name="call_answer"),
    path("appels/<uuid:call_key>/jury/", jury.jury, name="jury"),
    path(
        "projets/<uuid:answering_key>/repondre-a-un-appel/",
        calls.answer_with_project,
        name="answer_with_project",
    ),
    path("candidatures/", submissions.mine, name="submissions_mine"),
    path(f"{_S}/", submissions.submission, name="submission"),
    path(f"{_S}/idee/", submissions.idea, name="submission_idea"),
    path(
        f"{_S}/questions/<int:screen_number>/", submissions.questions, name="submission_questions"
    ),
    path(f"{_S}/recapitulatif/", submissions.recap, name="submission_recap"),
    path(f"{_S}/retirer/", submissions.withdraw, name="submission_withdraw"),
    path(f"{_S}/projet/", submissions.make_project, name="submission_project"),
    path(f"{_S}/fichiers/<int:call_question_id>/", submissions.file, name="submission_file"),
    path(f"{_S}/avis/", jury.review, name="review"),
    path(f"{_S}/conflit/", jury.conflict, name="conflict"),
    path(f"{_S}/decision/", steering.decide, name="submission_decide"),
    path(f"{_S}/proposer/", steering.propose_project, name="submission_propose"),
    path("piloter/appels/", steering.desk, name="call_desk"),
    path("piloter/appels/ajouter/", steering.add, name="call_add"),
    path(f"{_C}/", steering.manage, name="call_manage"),
    path(f"{_C}/modifier/", steering.edit, name="call_edit"),
    path(f"{_C}/questions/", steering.questions, name="call_questions"),
    path(f"{_C}/criteres/", steering.criteria, name="call_criteria"),
    path(f"{_C}/jury/", steering.reviewers, name="call_reviewers"),
    path(f"{_C}/publier/", steering.publish, name="call_publish"),
    path(f"{_C}/repousser/", steering.postpone, name="call_postpone"),
    path(f"{_C}/examen/", steering.begin_review, name="call_review"),
    path(f"{_C}/decisions/", steering.publish_decisions, name="call_decisions"),
    path(f"{_C}/archiver/", steering.archive, name="call_archive"),
    path(
        "piloter/appels/questions/<int:call_question_id>/retirer/",
        steering.remove_question,
        name="call_question_remove",
    ),
    path(
        "piloter/appels/questions/<int:call_question_id>/monter/",
        steering.raise_question,
        name="call_question_raise",
    ),
    path(
        "piloter/appels/criteres/<int:criterion_id>/retirer/",
        steering.remove_criterion,
        name="criterion_remove",
    ),
    path(
        "piloter/appels/jury/<int:reviewer_id>/retirer/",
        steering.remove_reviewer,
        name="reviewer_remove",
    ),
]
