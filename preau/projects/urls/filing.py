"""Filing a project: the draft, its steps, its deposit; programmes and what they ask."""

from django.urls import URLPattern, path

from preau.projects.views import drafts, filing, programmes

urlpatterns: list[URLPattern] = [
    path("projets/deposer/", filing.start, name="start"),
    path("projets/mes-projets/", drafts.mine, name="mine"),
    path("projets/reprendre/", drafts.ask_link, name="draft_link_ask"),
    path("projets/reprendre/<str:token>/", drafts.by_link, name="draft_by_link"),
    path("projets/<uuid:key>/deposer/", drafts.resume, name="draft_resume"),
    path("projets/<uuid:key>/deposer/qui/", filing.who, name="file_who"),
    path("projets/<uuid:key>/deposer/projet/", filing.what, name="file_what"),
    path("projets/<uuid:key>/deposer/ou/", filing.where, name="file_where"),
    path("projets/<uuid:key>/deposer/programmes/", filing.programmes, name="file_programmes"),
    path("projets/<uuid:key>/deposer/budget/", filing.money, name="file_money"),
    path(
        "projets/<uuid:key>/deposer/questions/<slug:programme_slug>/",
        filing.questions,
        name="file_questions",
    ),
    path("projets/<uuid:key>/deposer/contact/", filing.contact, name="file_contact"),
    path("projets/<uuid:key>/deposer/recapitulatif/", drafts.recap, name="file_recap"),
    path("projets/<uuid:key>/deposer/plus-tard/", drafts.later, name="file_later"),
    path("projets/<uuid:key>/deposer/supprimer/", drafts.delete, name="draft_delete"),
    path("projets/<uuid:key>/depose/", drafts.filed, name="filed"),
    path("projets/programmes/", programmes.index, name="programmes"),
    path("projets/programmes/ajouter/", programmes.add, name="programme_add"),
    path("projets/programmes/<int:programme_id>/", programmes.programme, name="programme"),
    path(
        "projets/programmes/<int:programme_id>/questions/",
        programmes.programme_questions,
        name="programme_questions",
    ),
    path(
        "projets/questionnaires/<int:questionnaire_id>/",
        programmes.questionnaire,
        name="questionnaire",
    ),
    path("projets/versions/<int:version_id>/", programmes.version, name="version"),
    path("projets/versions/<int:version_id>/apercu/", programmes.preview, name="version_preview"),
    path("projets/versions/<int:version_id>/publier/", programmes.publish, name="version_publish"),
    path("projets/versions/<int:version_id>/retirer/", programmes.discard, name="version_discard"),
    path(
        "projets/versions/<int:version_id>/questions/ajouter/",
        programmes.question_add,
        name="question_add",
    ),
    path("projets/questions/<int:question_id>/", programmes.question_edit, name="question_edit"),
    path(
        "projets/questions/<int:question_id>/deplacer/",
        programmes.question_move,
        name="question_move",
    ),
    path(
        "projets/questions/<int:question_id>/retirer/",
        programmes.question_remove,
        name="question_remove",
    ),
]
