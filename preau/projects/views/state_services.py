"""Services of the State and pairs: the operator's pages, and the service's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.models import Membership, User
from preau.accounts.perms import Scope, allowed, permission
from preau.core.errors import Refusal
from preau.projects import answering
from preau.projects.actions import state_services as actions
from preau.projects.forms import state_services as forms_services
from preau.projects.models import Absence, ServiceMember, StatePair, StateService, ThemeRule
from preau.projects.queries import state_services as queries


def load_service(service_id: int) -> StateService:
    found = queries.all_services().filter(pk=service_id).first()
    if found is None:
        raise Http404("Ce service n’existe pas.")
    return found


def load_pair(code: str) -> StatePair:
    found = queries.all_pairs().filter(departement=code).first()
    if found is None:
        raise Http404("Ce département n’a pas de binôme.")
    return found


class Person:
    """Somebody of a service."""

    def __init__(self, service: StateService, user: User) -> None:
        self.service, self.user = service, user

    @property
    def permission_scope(self) -> Scope:
        return self.service.permission_scope


def load_person(service_id: int, user_id: int) -> Person:
    service = load_service(service_id)
    row = Membership.objects.filter(
        organization=service.organization_id, user=user_id, ended_at=None
    ).select_related("user")
    found = row.first()
    if found is None:
        raise Http404("Cette personne n’est pas de ce service.")
    return Person(service, found.user)


def _asked(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[Any], HttpResponse],
    title: str,
    *,
    service: StateService | None = None,
    lead: str = "",
) -> HttpResponse:
    """Show the form; once sent, do it. What a refusal says stands above the form."""
    if request.method == "POST" and form.is_valid():
        try:
            return act(form)
        except Refusal as no:
            form.refuse(no)  # type: ignore[attr-defined]
    context = {"form": form, "title": title, "service": service, "lead": lead}
    return render(request, "projects/pair_service_form.html", context)


# --- The operator's


@permission("pair.manage")
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    context = {"services": queries.all_services(), "pairs": queries.all_pairs()}
    return render(request, "projects/pair_services.html", context)


def _save(request: HttpRequest, service: StateService | None, title: str) -> HttpResponse:
    form = forms_services.ServiceForm(request.POST or None, service=service)

    def act(form: forms_services.ServiceForm) -> HttpResponse:
        made = actions.save_service(service, actor=actor_of(request), **form.cleaned_data)
        messages.success(request, f"« {made} » est enregistré.")
        return redirect("projects:service", made.pk)

    return _asked(request, form, act, title)


@permission("pair.manage")
def new(request: HttpRequest) -> HttpResponse:
    return _save(request, None, "Nouveau service de l’État")


@permission("pair.manage", load=load_service)
def edit(request: HttpRequest, service: StateService) -> HttpResponse:
    return _save(request, service, f"Modifier {service}")


def _save_pair(request: HttpRequest, pair: StatePair | None, title: str) -> HttpResponse:
    form = forms_services.PairForm(request.POST or None, pair=pair)

    def act(form: forms_services.PairForm) -> HttpResponse:
        made = actions.save_pair(actor=actor_of(request), **form.cleaned_data)
        messages.success(request, f"Le binôme de {made.departement} est enregistré.")
        return redirect("projects:services")

    return _asked(request, form, act, title)


@permission("pair.manage")
def new_pair(request: HttpRequest) -> HttpResponse:
    return _save_pair(request, None, "Nouveau binôme")


@permission("pair.manage")
def edit_pair(request: HttpRequest, code: str) -> HttpResponse:
    pair = load_pair(code)
    return _save_pair(request, pair, f"Binôme de {pair.departement}")


# --- The service's own


@permission("service.see", load=load_service)
@require_safe
def page(request: HttpRequest, service: StateService) -> HttpResponse:
    """People, absences, referent, rules: whoever is of the service reads it."""
    actor = actor_of(request)
    rules = queries.rules_of(service.departement_id) if service.departement_id else []
    context = {
        "service": service,
        "people": queries.people_of(service, answering.today_of(service)),
        "absences": queries.coming_absences(service),
        "rules": rules,
        "pair": queries.pair_of_service(service) if service.departement_id else None,
        "may_manage": allowed(actor, "service.manage", service),
        "is_ours": allowed(actor, "service.absence", service),
    }
    return render(request, "projects/pair_service.html", context)


@permission("service.manage", load=load_service)
def referent(request: HttpRequest, service: StateService) -> HttpResponse:
    form = forms_services.ReferentForm(request.POST or None, service=service)

    def act(form: forms_services.ReferentForm) -> HttpResponse:
        user = form.cleaned_data["referent"]
        actions.name_referent(service, user, actor=actor_of(request))
        messages.success(request, f"Le service a pour référent : {user}.")
        return redirect("projects:service", service.pk)

    lead = "Cette personne répond d’un projet quand aucune règle ne désigne quelqu’un de présent."
    return _asked(request, form, act, "Référent du service", service=service, lead=lead)


@permission("service.absence", load=load_service)
def absence_add(request: HttpRequest, service: StateService) -> HttpResponse:
    """Mine; anybody's of the service for whoever manages it."""
    actor = actor_of(request)
    form = forms_services.AbsenceForm(
        request.POST or None,
        service=service,
        me=actor.person,
        for_others=allowed(actor, "service.manage", service),
    )

    def act(form: forms_services.AbsenceForm) -> HttpResponse:
        actions.be_away(service, actor=actor, **form.cleaned_data)
        messages.success(request, "L’absence est enregistrée : les projets iront à qui remplace.")
        return redirect("projects:service", service.pk)

    return _asked(request, form, act, "Indiquer une absence", service=service)


@permission("service.absence", load=load_service)
@require_POST
def absence_remove(request: HttpRequest, service: StateService) -> HttpResponse:
    number = request.POST.get("absence", "")
    found = Absence.objects.filter(service=service).select_related("service__organization", "user")
    absence = found.filter(pk=int(number)).first() if _is_number(number) else None
    if absence is not None:
        actions.come_back(absence, actor=actor_of(request))
        messages.success(request, "L’absence est retirée.")
    return redirect("projects:service", service.pk)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


@permission("service.manage", load=load_service)
def rule_add(request: HttpRequest, service: StateService) -> HttpResponse:
    form = forms_services.RuleForm(request.POST or None, service=service)

    def act(form: forms_services.RuleForm) -> HttpResponse:
        actions.add_rule(service, actor=actor_of(request), **form.values())
        messages.success(request, "La règle est enregistrée.")
        return redirect("projects:service", service.pk)

    lead = (
        "Une règle propose : une personne confirme. Si elle désigne la DDT ou la préfecture, elle"
        " dit aussi qui répond d’un projet qui arrive."
    )
    return _asked(request, form, act, "Nouvelle règle", service=service, lead=lead)


@permission("service.manage", load=load_service)
@require_POST
def rule_remove(request: HttpRequest, service: StateService) -> HttpResponse:
    number = request.POST.get("rule", "")
    rules = ThemeRule.objects.filter(departement=service.departement_id)
    rule = rules.filter(pk=int(number)).first() if _is_number(number) else None
    if rule is not None:
        actions.remove_rule(rule, service=service, actor=actor_of(request))
        messages.success(request, "La règle est retirée.")
    return redirect("projects:service", service.pk)


@permission("service.manage", load=load_person)
def person(request: HttpRequest, person: Person) -> HttpResponse:
    row = ServiceMember.objects.filter(service=person.service, user=person.user).first()
    initial = {"themes": row.themes, "function": row.function} if row else {}
    form = forms_services.PersonForm(request.POST or None, initial=initial)

    def act(form: forms_services.PersonForm) -> HttpResponse:
        actions.describe_person(
            person.service, person.user, actor=actor_of(request), **form.cleaned_data
        )
        messages.success(request, "C’est enregistré.")
        return redirect("projects:service", person.service.pk)

    return _asked(request, form, act, f"Ce que suit {person.user}", service=person.service)
