"""Addresses of the library, of those who sign, and of agreements."""

from django.urls import URLPattern, URLResolver, path

from preau.agreements.views import agreements, authorities, editor, library

_MODELS = "gerer/conventions/modeles"
_NATIONAL = f"{_MODELS}/nationaux/<str:case>"
_VERSION = f"{_MODELS}/versions/<int:version_id>"
_CLAUSE = f"{_MODELS}/clauses/<int:clause_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("gerer/conventions/", agreements.overview, name="overview"),
    path(f"{_MODELS}/", library.library, name="library"),
    path(f"{_NATIONAL}/", library.national, name="national"),
    path(f"{_NATIONAL}/apercu.pdf", library.national_pdf, name="national_pdf"),
    path(f"{_NATIONAL}/copier/", library.copy, name="copy"),
    path(f"{_MODELS}/<int:model_id>/", library.model, name="model"),
    path(f"{_MODELS}/<int:model_id>/brouillon/", library.start_draft, name="start_draft"),
    path(f"{_MODELS}/<int:model_id>/archiver/", library.archive, name="archive_model"),
    path(f"{_MODELS}/<int:model_id>/nouveautes/", library.news, name="news"),
    path(f"{_VERSION}/", editor.version, name="version"),
    path(f"{_VERSION}/apercu/", editor.preview_html, name="preview"),
    path(f"{_VERSION}/apercu.pdf", editor.preview_pdf, name="preview_pdf"),
    path(f"{_VERSION}/changements/", library.changes, name="changes"),
    path(f"{_VERSION}/titre/", editor.title, name="version_title"),
    path(f"{_VERSION}/publier/", editor.publish, name="publish"),
    path(f"{_VERSION}/abandonner/", editor.discard, name="discard"),
    path(f"{_VERSION}/ajouter/", editor.add, name="add_clause"),
    path(f"{_VERSION}/reprendre/", editor.take_national, name="take_national"),
    path(f"{_CLAUSE}/", editor.clause, name="clause"),
    path(f"{_CLAUSE}/deplacer/", editor.move, name="move_clause"),
    path(f"{_CLAUSE}/retirer/", editor.remove, name="remove_clause"),
    path(f"{_CLAUSE}/remettre/", editor.restore, name="restore_clause"),
    path(
        "structures/<int:organization_id>/signataires/", authorities.signatories, name="signatories"
    ),
    path(
        "gerer/signataires-du-proprietaire/<int:authority_id>/retirer/",
        authorities.dismiss,
        name="dismiss",
    ),
    path("gerer/lieux/<int:place_id>/avis-du-conseil/", authorities.opinions, name="opinions"),
    path("conventions/", agreements.mine, name="mine"),
    path("conventions/<str:number>/", agreements.show, name="show"),
    path("conventions/<str:number>/mon-lien/", agreements.my_link, name="my_link"),
    path("conventions/<str:number>/annuler/", agreements.cancel, name="cancel"),
]
