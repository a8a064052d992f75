"""The library: national models, an organisation's own, their history."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.agreements import queries
from preau.agreements.actions import library as actions
from preau.agreements.drafting import content, differences, preview
from preau.agreements.enums import LegalCase
from preau.agreements.library_forms import NameForm
from preau.agreements.models import Model, ModelVersion
from preau.core.errors import Refusal


def load_national(*, case: str) -> Model:
    found = queries.national_models().filter(case=case).first()
    if found is None:
        raise Http404("Ce modèle national n’existe pas.")
    return found


def load_model(*, model_id: int) -> Model:
    found = Model.objects.exclude(organization=None).select_related("organization", "base__model")
    model = found.filter(pk=model_id).first()
    if model is None:
        raise Http404("Ce modèle n’existe pas.")
    return model


def load_version(*, version_id: int) -> ModelVersion:
    found = ModelVersion.objects.exclude(model__organization=None)
    version = found.select_related("model__organization", "model__base").filter(pk=version_id)
    first = version.first()
    if first is None:
        raise Http404("Cette version n’existe pas.")
    return first


def pdf(version: ModelVersion) -> HttpResponse:
    """A preview is a trial whatever the certificate, and belongs to nobody's history."""
    response = HttpResponse(preview.pdf(version), content_type="application/pdf")
    name = f"apercu-{version.model.case}-v{version.number}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@permission("agreement.library")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The models of the present hat's organisation, then the national ones."""
    actor = actor_of(request)
    organization = actor.organization
    reads = organization is not None and allowed(actor, "agreement.read_model", organization)
    own = list(queries.models_of(organization.pk)) if organization and reads else []
    context = {
        "organization": organization,
        "own": [(one, queries.published(one), queries.national_news(one)) for one in own],
        "national": [(one, queries.published(one)) for one in queries.national_models()],
        "may_edit": _may_edit(request),
        "notice": content.NOTICE,
    }
    return render(request, "agreements/library/library.html", context)


def _may_edit(request: HttpRequest) -> bool:
    actor = actor_of(request)
    organization = actor.organization
    return organization is not None and allowed(actor, "agreement.edit_models", organization)


@permission("agreement.library", load=load_national)
@require_safe
def national(request: HttpRequest, model: Model) -> HttpResponse:
    """One national model, as its last version reads."""
    version = queries.published(model)
    if version is None:
        raise Http404("Ce modèle national n’est pas encore publié.")
    context = {
        "model": model,
        "version": version,
        "clauses": list(version.clauses.all()),
        "gates": preview.gates_of(version),
        "form": NameForm(initial={"name": model.name}),
        "may_edit": _may_edit(request),
        "notice": content.NOTICE,
    }
    return render(request, "agreements/library/national.html", context)


@permission("agreement.library", load=load_national)
@require_safe
def national_pdf(request: HttpRequest, model: Model) -> HttpResponse:
    version = queries.published(model)
    if version is None:
        raise Http404("Ce modèle national n’est pas encore publié.")
    return pdf(version)


@permission("agreement.library", load=load_national)
@require_POST
def copy(request: HttpRequest, model: Model) -> HttpResponse:
    """Start the organisation's own model from a national one."""
    organization = actor_of(request).organization
    if organization is None or not _may_edit(request):
        messages.error(request, "Choisissez la structure dont vous gérez les conventions.")
        return redirect("agreements:national", model.case)
    form = NameForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else model.name
    try:
        draft = actions.copy_model(model, organization, name=name, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("agreements:national", model.case)
    messages.success(request, "Votre modèle est prêt à être adapté. Il n’est pas encore publié.")
    return redirect("agreements:version", draft.pk)


@permission("agreement.read_model", load=load_model)
@require_safe
def model(request: HttpRequest, model: Model) -> HttpResponse:
    """An organisation's model: what is in force, the draft, the history."""
    context = {
        "model": model,
        "published": queries.published(model),
        "draft": queries.draft(model),
        "news": queries.national_news(model),
        "versions": list(model.versions.select_related("published_by")),
        "may_edit": allowed(actor_of(request), "agreement.edit_models", model),
        "case": LegalCase(model.case).label,
    }
    return render(request, "agreements/library/model.html", context)


@permission("agreement.edit_models", load=load_model)
@require_POST
def start_draft(request: HttpRequest, model: Model) -> HttpResponse:
    try:
        draft = actions.start_draft(model, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("agreements:model", model.pk)
    return redirect("agreements:version", draft.pk)


@permission("agreement.edit_models", load=load_model)
@require_POST
def archive(request: HttpRequest, model: Model) -> HttpResponse:
    archived = not model.is_archived
    try:
        actions.archive_model(model, archived=archived, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, "Le modèle est archivé." if archived else "Le modèle est de nouveau en usage."
        )
    return redirect("agreements:model", model.pk)


@permission("agreement.edit_models", load=load_model)
def news(request: HttpRequest, model: Model) -> HttpResponse:
    """What changed nationally since the copy, clause by clause; sending it notes it as seen."""
    newer = queries.national_news(model)
    if request.method == "POST":
        actions.note_national_news(model, actor=actor_of(request))
        messages.success(request, "C’est noté. Votre modèle ne change que si vous le publiez.")
        return redirect("agreements:model", model.pk)
    changes = (
        differences.between(model.base.clauses.all(), newer.clauses.all())
        if newer is not None and model.base is not None
        else []
    )
    context = {
        "model": model,
        "newer": newer,
        "changes": changes,
        "draft": queries.draft(model),
    }
    return render(request, "agreements/library/news.html", context)


@permission("agreement.read_model", load=load_version)
@require_safe
def changes(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    """What this version changes to another one of the model: the one before, unless asked."""
    others = version.model.versions.exclude(pk=version.pk)
    asked = request.GET.get("avec", "")
    before = others.filter(number=int(asked)).first() if asked.isdecimal() else None
    before = before or others.filter(number__lt=version.number).first()
    context = {
        "version": version,
        "model": version.model,
        "before": before,
        "others": list(others),
        "changes": differences.between(before.clauses.all(), version.clauses.all())
        if before
        else [],
    }
    return render(request, "agreements/library/changes.html", context)
