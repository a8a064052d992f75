"""One project in the pair's hands: its triage page, and one page a decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect as go
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.projects.actions import assigning, states, triage
from preau.projects.enums import TRANSITIONS, ProjectState
from preau.projects.forms import pair as forms_pair
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Assignment, Project, StatePair
from preau.projects.queries import next_steps
from preau.projects.queries import state_services as services
from preau.projects.queries.blockages import standing_of
from preau.projects.views.going_on import while_it_goes_on

S = ProjectState


def load_assignment(assignment_id: int) -> Assignment:
    found = Assignment.objects.select_related(
        "project__lead_commune__departement",
        "project__in_charge",
        "project__service_in_charge__organization",
        "project__holder_organization",
        "project__holder_user",
        "service__organization",
        "user",
        "created_by",
    )
    assignment = found.filter(pk=assignment_id).first()
    if assignment is None:
        raise Http404("Cette affectation n’existe pas.")
    return assignment


@dataclass(frozen=True)
class Page:
    """A page that asks one thing about a project."""

    title: str
    submit: str
    lead: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def asked(
    request: HttpRequest,
    project: Project,
    form: BaseForm,
    act: Callable[[Any], str],
    page: Page,
) -> HttpResponse:
    """Show the form; once sent, do it and go back to the project. What a refusal says stands above
    the form, which keeps what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form)
        except Refusal as no:
            form.refuse(no)  # type: ignore[attr-defined]
        else:
            messages.success(request, said)
            return to_sheet(project)
    context = {"project": project, "form": form, "page": page, **page.extra}
    return render(request, "projects/pair_form.html", context)


def to_sheet(project: Project) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("projects:sheet", args=[project.key]))


# --- Taken into account


@permission("project.triage", load=load_filed)
def acknowledge(request: HttpRequest, project: Project) -> HttpResponse:
    """One tap, from the inbox or the sheet; the page itself explains what it does."""
    if request.method != "POST":
        return go("projects:triage", key=project.key)
    try:
        triage.acknowledge(
            project, actor=actor_of(request), seen_state=request.POST.get("seen_state", "")[:20]
        )
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(
            request,
            f"« {project.name} » est pris en compte. Le porteur en est prévenu, et lit qui le"
            f" recontacte : {project.in_charge}.",
        )
    if request.POST.get("retour") == "a-trier":
        return go("projects:inbox")
    return to_sheet(project)


@permission("project.triage", load=load_filed)
@require_safe
def triage_page(request: HttpRequest, project: Project) -> HttpResponse:
    """All that can be decided of it, and what was."""
    context = {
        "project": project,
        "next": next_steps.next_of(project, state_side=True),
        "proposals": assigning.proposals(project),
        "assignments": next_steps.assignments_of(project),
        "can": TRANSITIONS[S(project.state)],
        "S": S,
    }
    return render(request, "projects/pair_triage.html", context)


@permission("project.triage", load=load_filed)
@while_it_goes_on
def priority(request: HttpRequest, project: Project) -> HttpResponse:
    initial = {"priority": project.priority, "priority_reason": project.priority_reason}
    form = forms_pair.PriorityForm(request.POST or None, initial=initial)

    def act(form: forms_pair.PriorityForm) -> str:
        given = form.cleaned_data
        triage.prioritise(
            project,
            given["priority"],
            reason=given["priority_reason"],
            actor=actor_of(request),
        )
        return "La priorité est enregistrée."

    lead = "Les projets de priorité haute passent en tête des projets à trier ; ceux de priorité"
    return asked(
        request,
        project,
        form,
        act,
        Page("Quelle priorité ?", "Enregistrer la priorité", f"{lead} basse, à la fin."),
    )


@permission("project.triage", load=load_filed)
@while_it_goes_on
def hand_over(request: HttpRequest, project: Project) -> HttpResponse:
    form = forms_pair.HandOverForm(
        request.POST or None,
        services=triage.may_lead(project),
        initial={"seen": project.in_charge_id},
    )

    def act(form: forms_pair.HandOverForm) -> str:
        service, user = form.chosen()
        triage.hand_over(
            project,
            user,
            service=service,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            actor=actor_of(request),
        )
        return f"{user} répond désormais du projet, et reçoit un message pour le lui dire."

    lead = f"Aujourd’hui : {project.in_charge}, {project.service_in_charge}."
    return asked(
        request, project, form, act, Page("Qui répond du projet ?", "Confier le projet", lead)
    )


# --- Who works on it


@permission("project.triage", load=load_filed)
@while_it_goes_on
def assign(request: HttpRequest, project: Project) -> HttpResponse:
    """A rule proposes, a person confirms; or another service is chosen."""
    form = forms_pair.AssignForm(request.POST or None, services=services.assignable(project))

    def act(form: forms_pair.AssignForm) -> str:
        made = assigning.assign(project, actor=actor_of(request), **form.values())
        return f"C’est demandé à : {made.user or made.service}. Sa réponse s’affichera ici."

    extra = {"proposals": assigning.proposals(project)}
    page = Page("Affecter à un service", "Affecter", extra=extra)
    return asked(request, project, form, act, page)


@permission("project.read_state_side", load=load_assignment)
def assignment(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """What is asked of me, and my answer: yes, or no and why."""
    form = forms_pair.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept = request.POST.get("reponse") != "non"
        try:
            assigning.answer(
                assignment,
                accept=accept,
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
            )
        except Refusal as no:
            form.refuse(no)
        else:
            said = "Vous acceptez" if accept else "Vous déclinez"
            messages.success(request, f"{said} : la personne qui vous l’a demandé est prévenue.")
            return to_sheet(assignment.project)
    context = {
        "assignment": assignment,
        "project": assignment.project,
        "form": form,
        "may_answer": assigning.may_answer(assignment, actor_of(request)),
    }
    return render(request, "projects/pair_assignment.html", context)


@permission("project.triage", load=load_assignment)
@require_POST
def end_assignment(request: HttpRequest, assignment: Assignment) -> HttpResponse:
    try:
        reason = request.POST.get("reason", "")[:500]
        assigning.end(assignment, reason=reason, actor=actor_of(request))
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, f"{assignment.service} n’est plus affecté à ce projet.")
    return go("projects:triage", key=assignment.project.key)


# --- No, elsewhere, further


@permission("project.triage", load=load_filed)
def refuse(request: HttpRequest, project: Project) -> HttpResponse:
    form = forms_pair.RefuseForm(request.POST or None, project=project)

    def act(form: forms_pair.RefuseForm) -> str:
        triage.refuse(project, actor=actor_of(request), **form.cleaned_data)
        return "Le projet n’est pas retenu ; le porteur reçoit votre motif."

    lead = "Le porteur le lit aussitôt. S’il change son projet, il peut le déposer de nouveau."
    extra = {"blockages": standing_of(project)}
    return asked(request, project, form, act, Page("Ne pas retenir", "Ne pas retenir", lead, extra))


@permission("project.triage", load=load_filed)
def redirect(request: HttpRequest, project: Project) -> HttpResponse:
    form = forms_pair.RedirectForm(request.POST or None, project=project)

    def act(form: forms_pair.RedirectForm) -> str:
        given, actor = form.cleaned_data, actor_of(request)
        seen = {"reason": given["reason"], "seen_state": given["seen_state"], "actor": actor}
        if given["departement"]:
            pair = StatePair.objects.select_related("departement").get(pk=given["departement"])
            triage.pass_to_pair(project, pair.departement, **seen)
            return f"Le projet est confié aux services de l’État : {pair.departement}."
        triage.redirect(project, given["redirected_to"], **seen)
        return "Le projet est réorienté ; le porteur sait vers qui et pourquoi."

    return asked(request, project, form, act, Page("Réorienter le projet", "Réorienter"))


def _move(request: HttpRequest, project: Project, to: ProjectState, page: Page) -> HttpResponse:
    form = forms_pair.MoveForm(request.POST or None, project=project)

    def act(form: forms_pair.MoveForm) -> str:
        states.move(project, to, actor=actor_of(request), **form.cleaned_data)
        return f"Le projet est « {to.label} » ; le porteur en est prévenu."

    return asked(request, project, form, act, page)


@permission("project.move", load=load_filed)
def qualify(request: HttpRequest, project: Project) -> HttpResponse:
    lead = "Vous avez assez d’éléments pour dire ce que les services de l’État peuvent faire."
    return _move(request, project, S.QUALIFIED, Page("Qualifier le projet", "Qualifier", lead))


@permission("project.move", load=load_filed)
def accompany(request: HttpRequest, project: Project) -> HttpResponse:
    """Begin, or begin again: a closed project that is taken up goes on as it went."""
    verb = "Reprendre le projet" if project.state == S.CLOSED else "Commencer l’accompagnement"
    page = Page(verb, verb)
    return _move(request, project, S.ACCOMPANIED, page)


@permission("project.edit", load=load_filed)
def come_back(request: HttpRequest, project: Project) -> HttpResponse:
    """Refused or redirected, then filed again: a new delay runs."""
    form = forms_pair.ComeBackForm(request.POST or None, project=project)

    def act(form: forms_pair.ComeBackForm) -> str:
        states.move(project, S.DEPOSITED, actor=actor_of(request), **form.cleaned_data)
        return "Le projet est déposé de nouveau : les services de l’État en sont prévenus."

    page = Page("Déposer de nouveau", "Déposer de nouveau", f"Motif donné : {project.end_reason}")
    return asked(request, project, form, act, page)
