"""A project's sheet and what is on it."""

from django.urls import URLPattern, path

from preau.projects.views import (
    assessments,
    files,
    invitations,
    links,
    past,
    people,
    sheet,
    steps,
    threads,
)

urlpatterns: list[URLPattern] = [
    path("projets/<uuid:key>/", sheet.sheet, name="sheet"),
    path("projets/<uuid:key>/modifier/", sheet.edit, name="edit"),
    path("projets/<uuid:key>/communes/", sheet.communes, name="communes"),
    path("projets/<uuid:key>/programmes/", sheet.programmes, name="programmes_of"),
    path("projets/<uuid:key>/pause/", sheet.pause, name="pause"),
    path("projets/<uuid:key>/reprendre/", sheet.resume, name="resume"),
    path("projets/<uuid:key>/personnes/", people.people, name="people"),
    path("projets/<uuid:key>/personnes/inviter/", invitations.invite, name="invite"),
    path("projets/<uuid:key>/quitter/", people.leave, name="leave"),
    path("projets/membres/<int:member_id>/role/", people.role, name="member_role"),
    path("projets/membres/<int:member_id>/retirer/", people.remove, name="member_remove"),
    path(
        "projets/invitations/<int:invitation_id>/renvoyer/",
        invitations.send_again,
        name="invitation_again",
    ),
    path(
        "projets/invitations/<int:invitation_id>/annuler/",
        invitations.revoke,
        name="invitation_revoke",
    ),
    path("projets/invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("projets/invitation/<str:token>/accepter/", invitations.accept, name="invitation_accept"),
    path("projets/mes-actions/", steps.mine, name="my_steps"),
    path("projets/<uuid:key>/actions/", steps.steps, name="steps"),
    path("projets/<uuid:key>/actions/ajouter/", steps.add, name="step_add"),
    path("projets/actions/<int:step_id>/", steps.edit, name="step_edit"),
    path("projets/actions/<int:step_id>/etat/", steps.move, name="step_move"),
    path("projets/actions/<int:step_id>/abandonner/", steps.drop, name="step_drop"),
    path("projets/<uuid:key>/conversations/", threads.threads, name="threads"),
    path("projets/<uuid:key>/conversations/ouvrir/", threads.begin, name="thread_begin"),
    path("projets/conversations/<int:thread_id>/", threads.thread, name="thread"),
    path("projets/conversations/<int:thread_id>/ecrire/", threads.write, name="thread_write"),
    path("projets/conversations/<int:thread_id>/etat/", threads.close, name="thread_close"),
    path("projets/<uuid:key>/fichiers/", files.files, name="files"),
    path("projets/<uuid:key>/fichiers/ajouter/", files.add, name="file_add"),
    path("projets/<uuid:key>/fichiers/coffre/", files.from_vault, name="file_from_vault"),
    path("projets/fichiers/<int:file_id>/", files.download, name="file"),
    path("projets/fichiers/<int:file_id>/remplacer/", files.replace, name="file_replace"),
    path("projets/fichiers/<int:file_id>/epingler/", files.pin, name="file_pin"),
    path("projets/fichiers/<int:file_id>/retirer/", files.remove, name="file_remove"),
    path("projets/<uuid:key>/historique/", past.past, name="past"),
    path("projets/<uuid:key>/historique.csv", past.download, name="past_csv"),
    path("projets/<uuid:key>/liens/", links.links, name="links"),
    path("projets/liens/<int:link_id>/revoquer/", links.revoke, name="link_revoke"),
    path("projets/lecture/<str:token>/", links.by_link, name="by_link"),
    path("projets/<uuid:key>/etat-des-lieux/", assessments.assessments, name="assessments"),
    path(
        "projets/<uuid:key>/etat-des-lieux/commencer/", assessments.begin, name="assessment_begin"
    ),
    path("projets/etat-des-lieux/<int:assessment_id>/", assessments.assessment, name="assessment"),
    path(
        "projets/etat-des-lieux/<int:assessment_id>/repondre/",
        assessments.fill,
        name="assessment_fill",
    ),
    path(
        "projets/etat-des-lieux/<int:assessment_id>/terminer/",
        assessments.finish,
        name="assessment_finish",
    ),
    path(
        "projets/etat-des-lieux/<int:assessment_id>/comparer/",
        assessments.compare,
        name="assessment_compare",
    ),
    path(
        "projets/etat-des-lieux/<int:assessment_id>/fichier/",
        assessments.join,
        name="assessment_join",
    ),
]
