"""The editor: one version of a model, clause by clause."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.agreements import queries
from preau.agreements.actions import library as actions
from preau.agreements.drafting import content, preview, variables
from preau.agreements.library_forms import (
    ClauseForm,
    NewClauseForm,
    PublishForm,
    ReasonForm,
    TitleForm,
)
from preau.agreements.models import Clause, ModelVersion
from preau.agreements.reading import text_from
from preau.agreements.views import library
from preau.agreements.views.library import load_version
from preau.core.errors import Refusal


def load_clause(*, clause_id: int) -> Clause:
    found = Clause.objects.exclude(version__model__organization=None)
    clause = found.select_related("version__model__organization").filter(pk=clause_id).first()
    if clause is None:
        raise Http404("Cette clause n’existe pas.")
    return clause


def _tried(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Whether the action went through; the sentence of a refusal is shown otherwise."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return False
    if done:
        messages.success(request, done)
    return True


@permission("agreement.read_model", load=load_version)
@require_safe
def version(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    """Every clause in order; with the hands on them while it is a draft."""
    clauses = list(version.clauses.all())
    context = {
        "version": version,
        "model": version.model,
        "clauses": clauses,
        "gates": preview.gates_of(version),
        "news": queries.national_news(version.model),
        "edits": not version.is_published
        and allowed(actor_of(request), "agreement.edit_models", version),
        "notice": content.NOTICE,
        "publish_form": PublishForm(),
    }
    return render(request, "agreements/library/version.html", context)


@permission("agreement.read_model", load=load_version)
@require_safe
def preview_html(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    context = {
        "version": version,
        "model": version.model,
        "text": text_from(preview.content_of(version)),
        "notice": content.NOTICE,
    }
    return render(request, "agreements/library/preview.html", context)


@permission("agreement.read_model", load=load_version)
@require_safe
def preview_pdf(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    return library.pdf(version)


@permission("agreement.edit_models", load=load_version)
def title(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    initial = {"name": version.model.name, "title": version.title}
    form = TitleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.entitle(version, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("agreements:version", version.pk)
    context = {"version": version, "model": version.model, "form": form}
    return render(request, "agreements/library/title.html", context)


@permission("agreement.edit_models", load=load_version)
@require_POST
def publish(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    form = PublishForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    done = f"La version {version.number} est publiée : les conventions à venir la suivent."
    if _tried(request, lambda: actions.publish(version, note=note, actor=actor_of(request)), done):
        return redirect("agreements:model", version.model_id)
    return redirect("agreements:version", version.pk)


@permission("agreement.edit_models", load=load_version)
def discard(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    """Shows on GET, gives the draft up on POST."""
    if request.method == "POST":
        if _tried(
            request,
            lambda: actions.discard_draft(version, actor=actor_of(request)),
            "Le brouillon est abandonné.",
        ):
            return redirect("agreements:library")
        return redirect("agreements:version", version.pk)
    context = {"version": version, "model": version.model}
    return render(request, "agreements/library/discard.html", context)


@permission("agreement.edit_models", load=load_version)
def add(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    form = NewClauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_clause(version, form.given(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La clause est ajoutée.")
            return redirect("agreements:version", version.pk)
    return _clause_page(request, version, form, None)


@permission("agreement.edit_models", load=load_clause)
def clause(request: HttpRequest, clause: Clause) -> HttpResponse:
    """Rewrite a clause; what was typed comes back with the error."""
    form = ClauseForm(request.POST or None, initial=ClauseForm.of(clause))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_clause(clause, form.given(clause.kind), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"La clause « {clause.title} » est enregistrée.")
            return redirect("agreements:version", clause.version_id)
    return _clause_page(request, clause.version, form, clause)


def _clause_page(
    request: HttpRequest, version: ModelVersion, form: ClauseForm, clause: Clause | None
) -> HttpResponse:
    context = {
        "version": version,
        "model": version.model,
        "clause": clause,
        "form": form,
        "variables": [
            (one, preview.example(version.model.case, one)) for one in variables.VARIABLES
        ],
    }
    return render(request, "agreements/library/clause.html", context)


@permission("agreement.edit_models", load=load_clause)
@require_POST
def move(request: HttpRequest, clause: Clause) -> HttpResponse:
    up = request.POST.get("sens") == "haut"
    _tried(request, lambda: actions.move_clause(clause, up=up, actor=actor_of(request)))
    return redirect("agreements:version", clause.version_id)


@permission("agreement.edit_models", load=load_clause)
def remove(request: HttpRequest, clause: Clause) -> HttpResponse:
    """Asks why a usual clause goes; any other is confirmed."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            actions.remove_clause(clause, reason=reason, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"La clause « {clause.title} » est retirée.")
            return redirect("agreements:version", clause.version_id)
    context = {"clause": clause, "version": clause.version, "model": clause.version.model}
    return render(request, "agreements/library/remove.html", context | {"form": form})


@permission("agreement.edit_models", load=load_clause)
@require_POST
def restore(request: HttpRequest, clause: Clause) -> HttpResponse:
    _tried(
        request,
        lambda: actions.restore_clause(clause, actor=actor_of(request)),
        f"La clause « {clause.title} » est remise.",
    )
    return redirect("agreements:version", clause.version_id)


@permission("agreement.edit_models", load=load_version)
@require_POST
def take_national(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    key = request.POST.get("repere", "")
    _tried(
        request,
        lambda: actions.take_national_wording(version, key, actor=actor_of(request)),
        "La rédaction nationale est reprise dans votre brouillon.",
    )
    return redirect("agreements:news", version.model_id)
