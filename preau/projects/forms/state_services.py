"""Forms of a service of the State: the service itself, its pair, people, absences, rules."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Membership, Organization, User
from preau.core import forms
from preau.core.french import by_name
from preau.projects.enums import ServiceKind
from preau.projects.forms.pair import people_by_service, read_choice
from preau.projects.models import StatePair, StateService
from preau.projects.queries import state_services as queries
from preau.resources.enums import Theme
from preau.territories.models import Departement, Region


def people_of(organization: Organization) -> Any:
    return User.objects.filter(
        pk__in=Membership.objects.filter(organization=organization, ended_at=None).values("user"),
        is_active=True,
    ).order_by(*by_name("last_name", "first_name"), "pk")


class ServiceForm(forms.Form):
    """The operator makes a service of an organisation, or changes one."""

    organization = fields.ModelChoiceField(
        label="Structure",
        queryset=Organization.objects.none(),
        help_text="De nature « Service de l’État ». Créez-la d’abord si elle n’est pas là.",
    )
    kind = fields.ChoiceField(label="Nature", choices=ServiceKind.choices)
    departement = fields.ModelChoiceField(
        label="Département", queryset=Departement.objects.order_by(*by_name("name")), required=False
    )
    region = fields.ModelChoiceField(
        label="Région",
        queryset=Region.objects.order_by(*by_name("name")),
        required=False,
        help_text="Pour un service régional.",
    )
    referent = fields.EmailField(
        label="Adresse du référent",
        help_text="Un membre de la structure. Il répond quand personne d’autre ne le peut.",
    )
    active = fields.BooleanField(label="En activité", required=False, initial=True)

    def __init__(self, *args: Any, service: StateService | None = None, **kwargs: Any) -> None:
        if service is not None:
            kwargs["initial"] = {
                "organization": service.organization_id,
                "kind": service.kind,
                "departement": service.departement_id,
                "region": service.region_id,
                "referent": service.referent.email,
                "active": service.active,
            }
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organization"]
        state = Organization.objects.filter(kind=OrganizationKind.STATE_SERVICE, merged_into=None)
        if service is None:
            field.queryset = state.filter(state_service=None).order_by(*by_name("name"))
        else:
            field.queryset = state.filter(pk=service.organization_id)

    def clean_referent(self) -> User:
        email = self.cleaned_data["referent"].strip().lower()
        found = User.objects.filter(email=email, is_active=True).first()
        if found is None:
            raise fields.ValidationError("Personne n’a de compte à cette adresse.")
        return found


class PairForm(forms.Form):
    """Who receives the projects of a département."""

    departement = fields.ModelChoiceField(
        label="Département", queryset=Departement.objects.order_by(*by_name("name"))
    )
    ddt = fields.ModelChoiceField(label="DDT", queryset=StateService.objects.none())
    prefecture = fields.ModelChoiceField(label="Préfecture", queryset=StateService.objects.none())
    escalates_to = fields.ModelChoiceField(
        label="Service prévenu en cas de retard",
        queryset=StateService.objects.none(),
        required=False,
        empty_label="Personne d’autre",
    )
    acknowledge_days = fields.IntegerField(
        label="Jours ouvrés pour prendre en compte un projet",
        min_value=1,
        max_value=60,
        initial=5,
    )
    advice_days = fields.IntegerField(
        label="Jours pour un premier conseil sur un blocage", min_value=1, max_value=90, initial=5
    )

    def __init__(self, *args: Any, pair: StatePair | None = None, **kwargs: Any) -> None:
        if pair is not None:
            kwargs["initial"] = {
                name: getattr(pair, f"{name}_id", None) or getattr(pair, name)
                for name in self.base_fields
            }
        super().__init__(*args, **kwargs)
        active = queries.all_services().filter(active=True)
        kinds = {
            "ddt": [ServiceKind.DDT],
            "prefecture": [ServiceKind.PREFECTURE],
            "escalates_to": [ServiceKind.REGION, ServiceKind.NATIONAL],
        }
        for name, kind in kinds.items():
            field: Any = self.fields[name]
            field.queryset = active.filter(kind__in=kind)
        if pair is not None:
            lock: Any = self.fields["departement"]
            lock.queryset = Departement.objects.filter(pk=pair.departement_id)


class ReferentForm(forms.Form):
    referent = fields.ModelChoiceField(label="Référent", queryset=User.objects.none())

    def __init__(self, *args: Any, service: StateService, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"referent": service.referent_id})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["referent"]
        field.queryset = people_of(service.organization)


class PersonForm(forms.Form):
    function = fields.CharField(label="Fonction", max_length=120, required=False)
    themes = fields.MultipleChoiceField(
        label="Thèmes suivis",
        choices=Theme.choices,
        required=False,
        widget=fields.CheckboxSelectMultiple,
        help_text="En l’absence de la personne désignée par une règle, on cherche d’abord ici.",
    )


class AbsenceForm(forms.Form):
    """My absence, or that of somebody of the service for whoever manages it."""

    user = fields.ModelChoiceField(label="Qui est absent ?", queryset=User.objects.none())
    first_day = forms.DateField(label="Premier jour")
    last_day = forms.DateField(label="Dernier jour", help_text="Inclus.")
    replaced_by = fields.ModelChoiceField(
        label="Remplacement",
        queryset=User.objects.none(),
        required=False,
        empty_label="Le référent du service",
        help_text="Les projets qui arrivent et les rappels vont à cette personne.",
    )

    def __init__(
        self, *args: Any, service: StateService, me: User, for_others: bool, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"user": me.pk})
        super().__init__(*args, **kwargs)
        people = people_of(service.organization)
        user: Any = self.fields["user"]
        user.queryset = people if for_others else people.filter(pk=me.pk)
        replacement: Any = self.fields["replaced_by"]
        replacement.queryset = people if for_others else people.exclude(pk=me.pk)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Le dernier jour ne peut pas précéder le premier.")
        if values.get("user") and values.get("user") == values.get("replaced_by"):
            self.add_error("replaced_by", "Choisissez une autre personne pour le remplacement.")
        return values


class RuleForm(forms.Form):
    theme = fields.ChoiceField(label="Un projet sur", choices=[("", "Choisissez"), *Theme.choices])
    whom = fields.ChoiceField(label="est proposé à")

    def __init__(self, *args: Any, service: StateService, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["whom"]
        found = queries.beside(service)
        field.choices = [("", "Choisissez"), *people_by_service(found, alone=True)]

    def values(self) -> dict[str, Any]:
        to, user = read_choice(self.cleaned_data["whom"])
        return {"theme": self.cleaned_data["theme"], "to": to, "user": user}
