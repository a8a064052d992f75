"""Blockages, suggestions, recommendations, answers."""

from django.urls import URLPattern, path

from preau.projects.views import advising, blockages, recommendations, replies

_P = "projets/<uuid:key>"
_B = f"{_P}/blocages/<int:blockage_id>"
_R = f"{_P}/recommandations/<int:recommendation_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_P}/blocages/", blockages.index, name="blockages"),
    path(f"{_P}/blocages/nouveau/", blockages.declare, name="blockage_new"),
    path(f"{_B}/", blockages.page, name="blockage"),
    path(f"{_B}/modifier/", blockages.edit, name="blockage_edit"),
    path(f"{_B}/terminer/", blockages.end, name="blockage_end"),
    path(f"{_B}/rouvrir/", blockages.reopen, name="blockage_reopen"),
    path(f"{_B}/prendre/", blockages.take, name="blockage_take"),
    path(f"{_B}/rendre/", blockages.release, name="blockage_release"),
    path(f"{_B}/pistes/envoyer/", advising.send_suggestion, name="suggestion_send"),
    path(f"{_B}/pistes/adapter/", advising.adapt_suggestion, name="suggestion_adapt"),
    path(f"{_B}/pistes/ecarter/", advising.discard_suggestion, name="suggestion_discard"),
    path(f"{_P}/recommandations/", recommendations.index, name="recommendations"),
    path(f"{_P}/recommandations/nouvelle/", advising.create, name="recommendation_new"),
    path(f"{_P}/recommandations/envoyer/", advising.send, name="recommendations_send"),
    path(f"{_R}/", recommendations.page, name="recommendation"),
    path(f"{_R}/modifier/", advising.edit, name="recommendation_edit"),
    path(f"{_R}/supprimer/", advising.remove, name="recommendation_remove"),
    path(f"{_R}/retirer/", advising.withdraw, name="recommendation_withdraw"),
    path(f"{_R}/repondre/", replies.answer, name="recommendation_answer"),
    path("recommandation/<str:token>/", replies.by_link, name="answer_by_link"),
]
