"""The guide's pages: one question each; what is answered already is said, and can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from preau.accounts import actions as accounts
from preau.accounts.actions.filling import note_filled
from preau.accounts.actors import actor_of
from preau.accounts.filling import filled, is_asked
from preau.accounts.middleware import wear
from preau.accounts.models import Organization
from preau.accounts.perms import allowed, permission
from preau.accounts.queries import memberships_of
from preau.availability.wording import rule_in_words
from preau.core.errors import Refusal
from preau.core.forms import BaseForm
from preau.desk.setup import actions, forms, steps
from preau.desk.setup.state import Setup
from preau.outside import companies
from preau.places import actions as places
from preau.places.enums import PlaceKind
from preau.places.models import Place, Space
from preau.places.queries import publication_steps
from preau.places.rules import sentences


def load_setup(*, organization_id: int) -> Setup:
    found = Organization.objects.select_related("commune")
    return Setup(get_object_or_404(found, pk=organization_id))


def onward(setup: Setup, kind: steps.Kind) -> HttpResponse:
    """To what comes next, as the data now stands; at the end, to the list of steps."""
    fresh = Setup(setup.organization)
    step = steps.next_step(fresh.steps, after=kind)
    url = step.kind.url_name if step else "desk:setup_home"
    return redirect(url, setup.organization.pk)


def page(
    request: HttpRequest, setup: Setup, kind: steps.Kind, template: str, **context: Any
) -> HttpResponse:
    """One page of the guide, with where one stands."""
    number = next(one.number for one in steps_shown(setup, kind) if one.kind is kind)
    following = [one for one in setup.steps if one.number > number]
    context |= {
        "setup": setup,
        "organization": setup.organization,
        "kind": kind,
        "number": number,
        "total": len(setup.steps),
        "following": following[0].kind if following else None,
        "next_title": following[0].kind.title if following else "",
        "minutes": steps.minutes_left(setup.steps),
    }
    return render(request, f"desk/setup/{template}.html", context)


def steps_shown(setup: Setup, kind: steps.Kind) -> list[steps.Step]:
    """The steps; one that does not concern this structure has its number all the same."""
    shown = setup.steps
    if all(one.kind is not kind for one in shown):
        shown = [*shown, steps.Step(kind, steps.KINDS.index(kind), steps.State.NEXT)]
    return shown


def answer(
    request: HttpRequest,
    setup: Setup,
    kind: steps.Kind,
    form: BaseForm,
    save: Callable[[], object],
    *,
    template: str = "form",
    **context: Any,
) -> HttpResponse:
    """Ask, save, go on. What was typed stays when it is refused."""
    if request.method == "POST" and form.is_valid():  # type: ignore[attr-defined]
        try:
            save()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return onward(setup, kind)
    return page(request, setup, kind, template, form=form, **context)


def before(setup: Setup, *, space: bool = True) -> HttpResponse | None:
    """Back to the place or the space when the page needs one that is not there."""
    if setup.place is None:
        return redirect("desk:setup_place", setup.organization.pk)
    if space and setup.space is None:
        return redirect("desk:setup_space", setup.organization.pk)
    return None


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@permission("desk.setup_start")
def start(request: HttpRequest) -> HttpResponse:
    """What it takes, and the structure: one of mine, or a new one."""
    actor = actor_of(request)
    form, filling = forms.StructureForm(_sent(request)), None
    if is_asked(request):
        form, filling = filled(request, form)
    elif request.method == "POST" and form.is_valid():
        try:
            membership = accounts.create_organization(actor=actor, **form.values())
            number = request.POST.get("filled_from", "")[:14]
            note_filled(membership.organization, number, actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            wear(request.session, membership)
            accounts.remember_hat(actor=actor, membership=membership)
            return onward(Setup(membership.organization), steps.STRUCTURE)
    mine = memberships_of(actor.person)
    context = {
        "form": form,
        "filling": filling,
        "may_fill": companies.is_configured(),
        "mine": [one for one in mine if one.role in ("administrateur", "gestionnaire")],
        "kinds": steps.KINDS,
        "minutes": sum(kind.minutes for kind in steps.KINDS),
    }
    return render(request, "desk/setup/start.html", context)


@permission("desk.setup", load=load_setup)
def home(request: HttpRequest, setup: Setup) -> HttpResponse:
    """What is done, what comes next, how long it still takes."""
    context = {
        "setup": setup,
        "organization": setup.organization,
        "steps": setup.steps,
        "next": steps.next_step(setup.steps),
        "minutes": steps.minutes_left(setup.steps),
        "is_published": setup.facts().is_published,
    }
    return render(request, "desk/setup/home.html", context)


@permission("desk.setup", load=load_setup)
def place(request: HttpRequest, setup: Setup) -> HttpResponse:
    begun, organization, actor = setup.place, setup.organization, actor_of(request)
    initial = forms.FirstPlaceForm.begun(begun, organization.commune)
    form = forms.FirstPlaceForm(_sent(request), initial=initial)

    def save() -> Place:
        if begun is not None:
            return places.edit_place(actor=actor, place=begun, **form.cleaned_data)
        return places.create_place(actor=actor, owner=organization, **form.cleaned_data)

    return answer(request, setup, steps.PLACE, form, save)


@permission("desk.setup", load=load_setup)
def space(request: HttpRequest, setup: Setup) -> HttpResponse:
    if setup.place is None:
        return redirect("desk:setup_place", setup.organization.pk)
    begun, at, actor = setup.space, setup.place, actor_of(request)
    # A model form writes on its instance: edit a fresh row with what it read.
    shown = Space.objects.filter(pk=begun.pk).first() if begun else None
    initial = {} if begun else forms.FirstSpaceForm.begun(at)
    form = forms.FirstSpaceForm(_sent(request), instance=shown, initial=initial)

    def save() -> Space:
        if begun is not None:
            return places.edit_space(actor=actor, space=begun, **form.cleaned_data)
        return places.create_space(actor=actor, place=at, **form.cleaned_data)

    return answer(request, setup, steps.SPACE, form, save)


@permission("desk.setup", load=load_setup)
def hours(request: HttpRequest, setup: Setup) -> HttpResponse:
    if (back := before(setup)) is not None:
        return back
    if setup.calendar is not None:
        said = [rule_in_words(one) for one in setup.calendar.rules.all()]
        return page(request, setup, steps.HOURS, "hours_said", said=said)
    at = setup.space
    assert at is not None
    form = forms.HoursChoice(_sent(request), initial=forms.HoursChoice.begun(at.place))

    def save() -> object:
        chosen = form.cleaned_data["preset"]
        return actions.choose_hours(at, chosen, actor=actor_of(request))

    return answer(request, setup, steps.HOURS, form, save)


@permission("desk.setup", load=load_setup)
def price(request: HttpRequest, setup: Setup) -> HttpResponse:
    if (back := before(setup)) is not None:
        return back
    if setup.tariff is not None:
        return page(request, setup, steps.PRICE, "price_said", said=sentences(setup.space))  # type: ignore[arg-type]
    at = setup.space
    assert at is not None
    initial = {"categories": at.categories, "kind": setup.answers.get("prix", "gratuit")}
    form = forms.PriceForm(_sent(request), initial=initial)

    def save() -> None:
        data = form.cleaned_data
        given = data["categories"], data["kind"], form.prices()
        actions.choose_price(at, *given, actor=actor_of(request))

    return answer(request, setup, steps.PRICE, form, save, template="price")


@permission("desk.setup", load=load_setup)
def rules(request: HttpRequest, setup: Setup) -> HttpResponse:
    if (back := before(setup)) is not None:
        return back
    if setup.rules is not None:
        return page(request, setup, steps.RULES, "rules_said")
    at = setup.space
    assert at is not None
    is_school = at.place.kind == PlaceKind.ETABLISSEMENT_SCOLAIRE
    form = forms.AccordForm(_sent(request), is_school=is_school)

    def save() -> object:
        data = form.cleaned_data
        return actions.choose_rules(at, data["accord"], data["insurance"], actor=actor_of(request))

    return answer(request, setup, steps.RULES, form, save)


@permission("desk.setup", load=load_setup)
def agreement(request: HttpRequest, setup: Setup) -> HttpResponse:
    if (back := before(setup)) is not None:
        return back
    if setup.model is not None:
        return page(request, setup, steps.AGREEMENT, "agreement_said")
    at = setup.space
    assert at is not None
    initial = {"answer": setup.answers.get("convention", "national")}
    form = forms.AgreementChoice(_sent(request), initial=initial)

    def save() -> None:
        chosen = form.cleaned_data["answer"]
        actions.choose_agreement(at, setup.rules, setup.national, chosen, actor=actor_of(request))

    return answer(request, setup, steps.AGREEMENT, form, save, template="agreement")


@permission("desk.setup", load=load_setup)
def signatory(request: HttpRequest, setup: Setup) -> HttpResponse:
    if (back := before(setup)) is not None:
        return back
    at = setup.place
    assert at is not None
    form = forms.SignatoryForm(
        _sent(request), roles=setup.roles_to_sign, kind=setup.organization.kind
    )

    def save() -> None:
        actions.choose_signatories(at, form.people(), actor=actor_of(request))

    said = [one for one in setup.steps if one.kind is steps.SIGNATORY]
    is_done = bool(said) and said[0].state == steps.State.DONE
    return answer(
        request, setup, steps.SIGNATORY, form, save, template="signatory", is_done=is_done
    )


@permission("desk.setup", load=load_setup)
def publish(request: HttpRequest, setup: Setup) -> HttpResponse:
    """The place as its public will see it, what is missing, and the button."""
    if (back := before(setup)) is not None:
        return back
    at = setup.place
    assert at is not None
    refused = ""
    if request.method == "POST":
        try:
            places.publish_place(actor=actor_of(request), place=at, with_spaces=True)
        except Refusal as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"« {at.name} » est publié : tout le monde peut le trouver.")
            return redirect("desk:setup_home", setup.organization.pk)
    context = {
        "refused": refused,
        "rules_said": sentences(setup.space),  # type: ignore[arg-type]
        "advised": [one for one in publication_steps(at) if not one.required and not one.done],
        "missing": [
            one
            for one in setup.steps
            if one.state != steps.State.DONE and one.kind is not steps.PUBLISH
        ],
        "may_prove": allowed(actor_of(request), "organization.prove", setup.organization),
    }
    return page(request, setup, steps.PUBLISH, "publish", **context)
