"""Kits: read by everybody, taken for a project, followed step by step."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.initiatives.actions import kit_uses as actions
from preau.initiatives.forms.kits import NEW, AppealForm, CurrencyForm, TakeForm
from preau.initiatives.loading.kits import (
    load_currency,
    load_currency_project,
    load_published,
    load_support,
    load_use,
)
from preau.initiatives.models import KitStep, KitUse, KitVersion, Partnership, Support
from preau.initiatives.project_pages import page_of
from preau.initiatives.queries import kits as queries
from preau.projects.models import Project
from preau.resources.enums import Theme


@permission("kit.browse")
@require_safe
def kits(request: HttpRequest) -> HttpResponse:
    theme = request.GET.get("theme", "")
    theme = theme if theme in Theme.values else ""
    found = list(queries.published(theme)[: queries.MOST_KITS + 1])
    context = {
        "kits": found[: queries.MOST_KITS],
        "has_more": len(found) > queries.MOST_KITS,
        "theme": theme,
        "themes": Theme.choices,
        "theme_label": Theme(theme).label if theme else "",
    }
    return render(request, "initiatives/kits.html", context)


@permission("kit.browse", load=load_published)
@require_safe
def kit(request: HttpRequest, version: KitVersion) -> HttpResponse:
    context = {
        "version": version,
        "steps": version.steps.all(),
        "themes": [Theme(one).label for one in version.themes],
    }
    return render(request, "initiatives/kit.html", context)


@permission("kit.use", load=load_published)
def take(request: HttpRequest, version: KitVersion) -> HttpResponse:
    actor = actor_of(request)
    form = TakeForm(request.POST or None, projects=queries.takers(actor))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["project"] == NEW:
                use = actions.take_for_new(version, name=data["name"], actor=actor)
            else:
                use = actions.take(version, form.projects[data["project"]], actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le kit est sur votre projet. Commencez par l’étape 1.")
            return redirect("initiatives:kit_use", use.key)
    context = {"version": version, "form": form, "has_projects": bool(form.projects)}
    return render(request, "initiatives/kit_take.html", context)


@permission("project.read", load=load_use)
@require_safe
def use(request: HttpRequest, use: KitUse) -> HttpResponse:
    """Where the project is with the kit, and its page of support."""
    may_write = allowed(actor_of(request), "project.contribute", use)
    context = {
        "use": use,
        "project": use.project,
        "progress": queries.progress_of(use),
        "supported": queries.supported(use),
        "to_read": queries.words_to_read(use) if may_write else [],
        "may_write": may_write,
    }
    return render(request, "initiatives/kit_use.html", context)


def _step(use: KitUse, request: HttpRequest) -> KitStep:
    number = request.POST.get("etape", "")
    typed = number.isascii() and number.isdigit() and len(number) <= 18
    found = use.version.steps.filter(pk=number).first() if typed else None
    if found is None:
        raise Http404("Cette étape n’est pas de ce kit.")
    return found


@permission("project.contribute", load=load_use)
@require_POST
def tick(request: HttpRequest, use: KitUse) -> HttpResponse:
    """Done, or to do again."""
    step, actor = _step(use, request), actor_of(request)
    try:
        if request.POST.get("fait") == "non":
            actions.untick(use, step, actor=actor)
        else:
            actions.tick(use, step, note=request.POST.get("note", ""), actor=actor)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("initiatives:kit_use", use.key)


@permission("project.contribute", load=load_use)
def remove(request: HttpRequest, use: KitUse) -> HttpResponse:
    if request.method == "POST":
        actions.remove(use, actor=actor_of(request))
        messages.success(request, "Le kit n’est plus sur ce projet.")
        return redirect(page_of(use.project))
    context = {"use": use, "count": queries.supported(use).count}
    return render(request, "initiatives/kit_remove.html", context)


@permission("project.contribute", load=load_use)
def open_support(request: HttpRequest, use: KitUse) -> HttpResponse:
    form = AppealForm(request.POST or None, initial={"appeal": use.appeal})
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_support(use, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La page de soutien est en ligne : partagez son adresse.")
            return redirect("initiatives:kit_use", use.key)
    return render(request, "initiatives/support_open.html", {"use": use, "form": form})


@permission("project.contribute", load=load_use)
@require_POST
def close_support(request: HttpRequest, use: KitUse) -> HttpResponse:
    actions.close_support(use, actor=actor_of(request))
    messages.success(request, "La page de soutien n’est plus en ligne.")
    return redirect("initiatives:kit_use", use.key)


@permission("project.contribute", load=load_support)
@require_POST
def judge_words(request: HttpRequest, support: Support) -> HttpResponse:
    show = request.POST.get("afficher") == "oui"
    actions.judge_words(support, show=show, actor=actor_of(request))
    messages.success(request, "Le mot est affiché." if show else "Le mot est écarté.")
    return redirect("initiatives:kit_use", support.use.key)


@permission("project.contribute", load=load_currency_project)
def currency_add(request: HttpRequest, project: Project) -> HttpResponse:
    return _currency(request, project, None)


@permission("project.contribute", load=load_currency)
def currency_edit(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    return _currency(request, partnership.project, partnership)


def _currency(request: HttpRequest, project: Project, former: Partnership | None) -> HttpResponse:
    names = ("name", "partners", "since", "until", "note")
    initial = {name: getattr(former, name) for name in names} if former else {}
    form = CurrencyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_currency(
                project, actor=actor_of(request), former=former, **form.cleaned_data
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La monnaie complémentaire est notée sur le projet.")
            return redirect(page_of(project))
    context = {"project": project, "form": form, "former": former}
    return render(request, "initiatives/currency.html", context)
