"""Forms of the pair: priority, who answers, who works on it, no, elsewhere, yes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms as fields

from preau.accounts.models import Membership, User
from preau.core import forms
from preau.core.french import by_name
from preau.projects.enums import ENDED, Priority, ProjectRole
from preau.projects.models import Project, StatePair, StateService
from preau.resources.enums import Theme

_TEXT = {"rows": 4}
Choices = list[tuple[str, str | list[tuple[str, str]]]]


def _reason(label: str, **more: Any) -> fields.CharField:
    return fields.CharField(
        label=label, max_length=2000, widget=fields.Textarea(attrs=_TEXT), **more
    )


class SeenForm(forms.Form):
    """Carries the state of the project on the page that the person decides from."""

    seen_state = fields.CharField(widget=fields.HiddenInput, required=False, max_length=20)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"].setdefault("seen_state", project.state)
        super().__init__(*args, **kwargs)


class PriorityForm(forms.Form):
    mark_optional = False  # the reason is needed as soon as there is a priority
    priority = fields.ChoiceField(
        label="Priorité",
        choices=Priority.choices,
        required=False,
        widget=fields.RadioSelect,
    )
    priority_reason = fields.CharField(
        label="Motif",
        max_length=300,
        required=False,
        help_text="Lu par les services de l’État. Nécessaire pour toute priorité.",
    )


class HandOverForm(forms.Form):
    """One name for another."""

    person = fields.ChoiceField(label="Qui répond du projet désormais ?")
    reason = _reason(
        "Pourquoi ?", help_text="La personne choisie et les membres du projet le lisent."
    )
    seen = fields.IntegerField(widget=fields.HiddenInput, required=False)

    def __init__(self, *args: Any, services: Iterable[StateService], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.choices = [("", "Choisissez"), *people_by_service(services, alone=False)]

    def chosen(self) -> tuple[StateService, User]:
        service, user = read_choice(self.cleaned_data["person"])
        assert user is not None  # no choice of this form is a service alone
        return service, user


class AssignForm(forms.Form):
    whom = fields.ChoiceField(label="À qui ?", help_text="Un service, ou une personne du service.")
    role = fields.ChoiceField(
        label="Rôle",
        choices=[
            (one.value, one.label)
            for one in (ProjectRole.SUPPORT, ProjectRole.PILOT, ProjectRole.OBSERVER)
        ],
        help_text="Un seul service pilote. Un observateur lit, il n’écrit pas.",
    )
    theme = fields.ChoiceField(
        label="Sur quel thème ?", choices=[("", "Tout le projet"), *Theme.choices], required=False
    )
    due_on = forms.DateField(label="Pour quand ?", required=False)

    def __init__(self, *args: Any, services: Iterable[StateService], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["whom"]
        field.choices = [("", "Choisissez"), *people_by_service(services, alone=True)]

    def values(self) -> dict[str, Any]:
        service, user = read_choice(self.cleaned_data["whom"])
        given = {name: self.cleaned_data[name] for name in ("role", "theme", "due_on")}
        return {"service": service, "user": user, **given}


class RefuseForm(SeenForm):
    reason = _reason(
        "Pourquoi ?",
        help_text="Le porteur lit ce motif mot pour mot, avec vos coordonnées.",
    )


class RedirectForm(SeenForm):
    departement = fields.ChoiceField(
        label="Vers les services d’un autre département",
        required=False,
        help_text="Le projet leur est confié avec tout son historique.",
    )
    redirected_to = fields.CharField(
        label="Ou vers un autre service, un opérateur, une collectivité",
        max_length=300,
        required=False,
        help_text="Par exemple : l’Agence de l’eau Rhône Méditerranée Corse, avec un contact.",
    )
    reason = _reason("Pourquoi ?", help_text="Le porteur lit ce motif mot pour mot.")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        pairs = StatePair.objects.exclude(departement=project.departement_code)
        found = pairs.select_related("departement").order_by(*by_name("departement__name"))
        field: Any = self.fields["departement"]
        field.choices = [
            ("", "Aucun"),
            *((one.departement_id, str(one.departement)) for one in found),
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("departement") and values.get("redirected_to"):
            self.add_error(
                "redirected_to",
                "Choisissez un département ou écrivez un autre service, pas les deux.",
            )
        if not values.get("departement") and not values.get("redirected_to"):
            self.add_error("redirected_to", "Dites vers qui le projet est réorienté.")
        return values


class MoveForm(SeenForm):
    reason = _reason(
        "Un mot pour le porteur", required=False, help_text="Il le lira dans le courriel."
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        if project.state in ENDED:
            self.fields["reason"].label = "Pourquoi le reprendre ?"
            self.fields["reason"].required = True


class ComeBackForm(SeenForm):
    reason = _reason("Ce qui a changé", help_text="Les services de l’État le liront.")


class AnswerForm(forms.Form):
    mark_optional = False
    reason = fields.CharField(
        label="Un mot",
        max_length=500,
        required=False,
        help_text="Nécessaire pour décliner.",
        widget=fields.Textarea(attrs={"rows": 3}),
    )


class EndForm(forms.Form):
    reason = fields.CharField(label="Pourquoi ?", max_length=500, required=False)


def people_by_service(services: Iterable[StateService], *, alone: bool) -> Choices:
    """The people of each service, in groups; `alone`: the service itself may be chosen too."""
    found = list(services)
    members = (
        Membership.objects.filter(
            organization__in=[one.organization_id for one in found],
            ended_at=None,
            user__is_active=True,
        )
        .select_related("user")
        .order_by(*by_name("user__last_name", "user__first_name"), "pk")
    )
    people: dict[int, list[User]] = {}
    for one in members:
        people.setdefault(one.organization_id, []).append(one.user)
    groups: Choices = []
    for service in found:
        lines = [(f"{service.pk}:", f"{service} (le service)")] if alone else []
        lines += [
            (f"{service.pk}:{user.pk}", f"{user}, {service}")
            for user in people.get(service.organization_id, [])
        ]
        if lines:
            groups.append((str(service), lines))
    return groups


def read_choice(value: str) -> tuple[StateService, User | None]:
    """A choice of `people_by_service`: the form has checked that it is one of them."""
    service, _, user = value.partition(":")
    found = StateService.objects.select_related("organization").get(pk=int(service))
    return found, User.objects.get(pk=int(user)) if user else None
