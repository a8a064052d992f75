"""The rules of an organisation, as its clerk fills them in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from preau.accounts.models import Organization, User
from preau.agreements.enums import OCCUPATIONS, VersionState
from preau.agreements.models import Model
from preau.booking.actions.rules import Asked, Step, Wanted
from preau.booking.enums import Approver
from preau.booking.models import BookingRules
from preau.core import forms
from preau.core.french import by_name
from preau.documents.enums import ADDED_BY_PEOPLE, DocumentKind
from preau.places.enums import UserCategory
from preau.places.models import Place, Space

STEPS = range(1, 5)
#: What is asked of whom, in the clerk's words.
ASKED_OF: dict[str, tuple[str, list[str]]] = {
    "tous": ("de tout le monde", list(UserCategory.values)),
    "structures": (
        "des structures, pas des particuliers",
        [one for one in UserCategory.values if one != UserCategory.RESIDENT],
    ),
    "associations": ("des associations", [UserCategory.ASSOCIATION]),
    "entreprises": ("des entreprises", [UserCategory.COMPANY]),
    "particuliers": ("des particuliers", [UserCategory.RESIDENT]),
}
WHEN = [("non", "Non"), ("suivre", "Oui, elle peut suivre"), ("demande", "Oui, dès la demande")]


class RulesForm(forms.Form):
    """A model of rules: whose accords, which documents, which agreement."""

    name = django_forms.CharField(
        label="Nom du modèle", max_length=120, help_text="Par exemple : collèges, salles des fêtes."
    )
    agreement_model = django_forms.ModelChoiceField(
        Model.objects.none(),
        label="Convention à signer",
        required=False,
        empty_label="Aucune convention",
        help_text="Établie une fois la demande acceptée, et signée en ligne par chacun.",
    )
    completion_days = django_forms.IntegerField(
        label="Jours pour compléter une demande acceptée",
        min_value=1,
        max_value=90,
        initial=14,
        help_text="Pièces et signatures ; passé ce délai le créneau redevient libre.",
    )
    has_waiting_list = django_forms.BooleanField(
        label="Tenir une liste d’attente quand un créneau est pris", required=False, initial=True
    )
    offer_hours = django_forms.IntegerField(
        label="Heures pour répondre à un créneau proposé",
        min_value=1,
        max_value=240,
        initial=24,
    )
    allows_economic_use = django_forms.BooleanField(
        label="Admettre les activités économiques",
        required=False,
        help_text="Sur le domaine public, l’exploitation économique passe par une mise en "
        "concurrence (CG3P, article L. 2122-1-1) : sans cette case, elle est refusée dès la "
        "demande.",
    )

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        rules: BookingRules | None = None,
        **kwargs: Any,
    ) -> None:
        if rules is not None:
            kwargs.setdefault("initial", _initial(rules))
        super().__init__(*args, **kwargs)
        usable = Q(organization=organization) | Q(organization=None)
        published = Model.objects.filter(
            usable, versions__state=VersionState.PUBLISHED, case__in=OCCUPATIONS
        )
        field: Any = self.fields["agreement_model"]
        field.queryset = published.filter(is_archived=False).distinct().order_by(*by_name("name"))
        for number in STEPS:
            self._add_step(number)
        for kind in ADDED_BY_PEOPLE:
            self._add_document(kind)

    def _add_step(self, number: int) -> None:
        choices = [("", "Personne"), *Approver.choices]
        self.fields[f"step_{number}"] = django_forms.ChoiceField(
            label=f"Accord {number}", choices=choices, required=False
        )
        self.fields[f"label_{number}"] = django_forms.CharField(
            label="Nom de l’étape", max_length=80, required=False
        )
        self.fields[f"hours_{number}"] = django_forms.IntegerField(
            label="Délai, en heures", min_value=1, max_value=2160, required=False, initial=120
        )

    def _add_document(self, kind: DocumentKind) -> None:
        self.fields[f"when_{kind}"] = django_forms.ChoiceField(
            label=kind.label, choices=WHEN, initial="non"
        )
        whom = [(key, label) for key, (label, _) in ASKED_OF.items()]
        self.fields[f"whom_{kind}"] = django_forms.ChoiceField(
            label=f"{kind.label} : demandée à qui", choices=whom, initial="tous"
        )

    def step_rows(self) -> list[list[Any]]:
        return [[self[f"{name}_{n}"] for name in ("step", "label", "hours")] for n in STEPS]

    def document_rows(self) -> list[list[Any]]:
        return [[self[f"when_{kind}"], self[f"whom_{kind}"]] for kind in ADDED_BY_PEOPLE]

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            name=data["name"],
            completion_days=data["completion_days"],
            offer_hours=data["offer_hours"],
            has_waiting_list=data["has_waiting_list"],
            allows_economic_use=data["allows_economic_use"],
            agreement_model=data["agreement_model"],
            steps=list(self._steps()),
            documents=[
                Asked(kind, ASKED_OF[data[f"whom_{kind}"]][1], data[f"when_{kind}"] == "demande")
                for kind in ADDED_BY_PEOPLE
                if data[f"when_{kind}"] != "non"
            ],
        )

    def _steps(self) -> Iterable[Step]:
        for number in STEPS:
            if approver := self.cleaned_data[f"step_{number}"]:
                label = self.cleaned_data[f"label_{number}"] or Approver(approver).label
                yield Step(approver, label, self.cleaned_data[f"hours_{number}"] or 120)


def _initial(rules: BookingRules) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(rules, name)
        for name in (
            "name",
            "agreement_model",
            "completion_days",
            "has_waiting_list",
            "offer_hours",
            "allows_economic_use",
        )
    }
    for number, step in enumerate(rules.steps.all(), start=1):
        values[f"step_{number}"] = step.approver
        values[f"label_{number}"] = step.label
        values[f"hours_{number}"] = step.hours
    for asked in rules.documents.all():
        values[f"when_{asked.kind}"] = "demande" if asked.with_request else "suivre"
        found = [key for key, (_, of) in ASKED_OF.items() if set(of) == set(asked.categories)]
        values[f"whom_{asked.kind}"] = found[0] if found else "tous"
    return values


class AssignForm(forms.Form):
    """Where a model of rules holds."""

    places = django_forms.ModelMultipleChoiceField(
        Place.objects.none(),
        label="Lieux entiers",
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
    )
    spaces = django_forms.ModelMultipleChoiceField(
        Space.objects.none(),
        label="Espaces en particulier",
        required=False,
        help_text="Les règles d’un espace passent avant celles de son lieu.",
        widget=django_forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, rules: BookingRules, **kwargs: Any) -> None:
        here = rules.assignments.all()
        kwargs.setdefault(
            "initial",
            {
                "places": [one.place_id for one in here if one.place_id],
                "spaces": [one.space_id for one in here if one.space_id],
            },
        )
        super().__init__(*args, **kwargs)
        places, spaces = self.fields["places"], self.fields["spaces"]
        owned = Place.objects.filter(owner=rules.organization_id).order_by(*by_name("name"), "pk")
        within = Space.objects.filter(place__owner=rules.organization_id)
        places.queryset = owned  # type: ignore[attr-defined]
        spaces.queryset = within.select_related("place").order_by(*by_name("place__name", "name"))  # type: ignore[attr-defined]
        spaces.label_from_instance = lambda one: f"{one.place.name} – {one.name}"  # type: ignore[attr-defined]


class DelegationForm(forms.Form):
    """Who decides in my place, and when."""

    email = django_forms.EmailField(
        label="Adresse électronique de la personne",
        help_text="Elle a déjà un compte sur le site.",
    )
    since = forms.DateField(label="Du")
    until = forms.DateField(label="Au, ce jour compris")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        self.receiver = User.objects.filter(email=email, is_active=True).first()
        if self.receiver is None:
            raise ValidationError(
                "Personne n’a de compte à cette adresse. Demandez-lui d’abord d’en ouvrir un."
            )
        return email
