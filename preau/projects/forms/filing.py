"""What is typed at each step of a deposit."""

from __future__ import annotations

import re
from typing import Any

from django import forms as fields

from preau.accounts import identifiers
from preau.accounts.enums import OrganizationKind
from preau.accounts.forms import BAD_EMAIL, commune_field, commune_typed, email_field
from preau.accounts.models import Membership, Organization
from preau.accounts.queries import memberships_of
from preau.core import forms
from preau.core.french import by_name
from preau.projects import filing_steps
from preau.projects.actions import territory
from preau.projects.actions.filing import Who
from preau.projects.enums import Origin
from preau.projects.filers import Filer
from preau.projects.models import Programme, Project
from preau.projects.queries import public
from preau.projects.questions import EurosField
from preau.projects.standing import competence_of
from preau.resources.enums import Phase, Theme
from preau.territories import queries as territories
from preau.territories.models import Commune

K = OrganizationKind
#: A person alone files too: the pair tells what it thinks of it.
PERSON = "personne"
KINDS = [
    (K.COMMUNE, "Commune"),
    (K.EPCI, "Intercommunalité"),
    (K.ASSOCIATION, "Association"),
    (K.DEPARTEMENT, "Département"),
    (K.REGION, "Région"),
    (K.SCHOOL, "Établissement scolaire"),
    (K.PUBLIC_BODY, "Autre organisme public"),
    (K.COMPANY, "Entreprise"),
    (PERSON, "Une personne, en son nom"),
]
OTHER = "autre"
ON_BEHALF = "compte"
MOST_THEMES = 4
PHASE_WORDS = {
    Phase.IDEA: "Idée : nous y réfléchissons",
    Phase.STUDY: "Étude : nous l’étudions ou le chiffrons",
    Phase.WORKS: "Opération : c’est décidé, nous le réalisons",
}


class WhoForm(forms.Form):
    """One's own organisation in one click, or the structure by its number or its commune."""

    mark_optional = False  # each structure needs only some of these: the hints say which
    acting = fields.ChoiceField(label="Qui porte le projet ?", widget=fields.RadioSelect)
    kind = fields.ChoiceField(
        label="Nature de la structure", choices=[("", "Choisissez"), *KINDS], required=False
    )
    siret = fields.CharField(
        label="Numéro SIRET",
        help_text="Facultatif, 14 chiffres. S’il est connu, nous remplissons le reste",
        max_length=30,
        required=False,
    )
    commune = commune_field("Commune de la structure", "Nom ou code postal", required=False)
    name = fields.CharField(
        label="Nom de la structure",
        help_text="Inutile pour une commune ou une intercommunalité : sa commune suffit",
        max_length=160,
        required=False,
    )
    partner = fields.CharField(
        label="Pour une association : avec quelle commune ?",
        help_text="Celle qui soutient le projet, s’il y en a une : son nom ou son code postal",
        max_length=160,
        required=False,
        widget=fields.TextInput(attrs={"data-suggest": "find:communes", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, project: Project, by: Filer, **kwargs: Any) -> None:
        self.project, self.by = project, by
        self.hats = self._hats()
        kwargs.setdefault("initial", self._kept())
        super().__init__(*args, **kwargs)
        choices = self._choices()
        if len(choices) > 1:
            self.fields["acting"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["acting"]

    def _hats(self) -> list[Membership]:
        """One's organisations that may carry a project: a service of the State does not."""
        if self.by.actor.user is None:
            return []
        mine = memberships_of(self.by.actor.user).select_related("organization__commune")
        return [one for one in mine if one.organization.kind not in {K.STATE_SERVICE, K.OPERATOR}]

    def _choices(self) -> list[tuple[str, str]]:
        found = [(str(one.pk), one.organization.name) for one in self.hats]
        found.append((OTHER, "Une autre structure, ou une personne"))
        if competence_of(self.by.actor) is not None:
            words = "Une structure pour le compte de laquelle je dépose, comme agent de l’État"
            found.append((ON_BEHALF, words))
        return found

    def _kept(self) -> dict[str, Any]:
        project, filing = self.project, filing_steps.filing_of(self.project)
        own = [one for one in self.hats if one.organization_id == project.holder_organization_id]
        acting = str(own[0].pk) if own else ""
        if not own and filing_steps.Step.WHO in filing.done:
            acting = ON_BEHALF if project.origin == Origin.AGENT else OTHER
        worn = self.by.actor.membership
        if not acting and worn in self.hats and worn is not None:
            acting = str(worn.pk)
        kind = filing.holder_kind
        if not kind and filing_steps.Step.WHO in filing.done:
            kind = PERSON
        typed = {"kind": kind, "siret": project.holder_siret, "name": project.holder_name}
        typed["commune"] = str(filing.holder_commune or "")
        return {"acting": acting, "partner": filing.partner_name, **({} if own else typed)}

    def clean_siret(self) -> str:
        number = identifiers.digits(self.cleaned_data["siret"])
        if number and not identifiers.is_siret(number):
            raise fields.ValidationError(
                "Ce numéro contient une erreur : vérifiez ses 14 chiffres, ou laissez-le vide."
            )
        return number

    def clean_commune(self) -> Commune | None:
        text = str(self.cleaned_data["commune"]).strip()
        return commune_typed(text) if text else None

    @property
    def membership(self) -> Membership | None:
        chosen = self.cleaned_data.get("acting", "")
        return next((one for one in self.hats if str(one.pk) == chosen), None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors or self.membership is not None:
            return data
        known = public.by_siret(data["siret"])
        if known is not None:
            data["kind"], data["name"], data["commune"] = known.kind, known.name, known.commune
            return data
        if not data["kind"]:
            self.add_error("kind", "Choisissez la nature de la structure.")
            return data
        if not data["name"] and data["commune"] is not None:
            data["name"] = public.name_of(data["kind"], data["commune"])
        alone = data["kind"] == PERSON and data.get("acting") != ON_BEHALF
        if not alone and not data["name"]:
            self._ask_name(data)
        return data

    def _ask_name(self, data: dict[str, Any]) -> None:
        if data["kind"] in {K.COMMUNE, K.EPCI} and data["commune"] is None:
            self.add_error("commune", "Écrivez la commune, ou le numéro SIRET de la structure.")
        elif data["siret"]:
            self.add_error(
                "name", "Nous ne connaissons pas ce numéro : écrivez le nom de la structure."
            )
        else:
            self.add_error("name", "Écrivez le nom de la structure ou de la personne.")

    def who(self) -> Who:
        data = self.cleaned_data
        partner_name, partner = self._partner(data["partner"].strip())
        if self.membership is not None:
            return Who(self.membership, partner_name=partner_name, partner=partner)
        return Who(
            kind="" if data["kind"] == PERSON else data["kind"],
            name=data["name"],
            siret=data["siret"],
            commune=data["commune"],
            on_behalf=data.get("acting") == ON_BEHALF,
            partner_name=partner_name,
            partner=partner,
        )

    def _partner(self, text: str) -> tuple[str, Organization | None]:
        """A commune on the platform becomes a partner; anything else is kept as written."""
        kind = self.membership.organization.kind if self.membership else self.cleaned_data["kind"]
        if not text or kind != K.ASSOCIATION:
            return "", None
        commune = territories.resolve(text)
        if commune is None:
            return text, None
        found = public.authority(K.COMMUNE, commune)
        return (found.name if found else public.name_of(K.COMMUNE, commune)), found


class WhatForm(forms.Form):
    name = fields.CharField(
        label="Nom du projet",
        help_text="Quelques mots que tout le monde comprend : « Rénover l’école Jules-Ferry »",
        max_length=160,
        widget=fields.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = fields.CharField(
        label="Pourquoi ce projet ?",
        help_text="Le besoin, pour qui, ce que vous en attendez",
        max_length=5000,
        widget=fields.Textarea(attrs={"rows": 5}),
    )
    description = fields.CharField(
        label="En quoi consiste-t-il ?",
        max_length=10000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 4}),
    )
    phase = fields.ChoiceField(
        label="Où en êtes-vous ?",
        choices=list(PHASE_WORDS.items()),
        widget=fields.RadioSelect,
    )
    themes = fields.MultipleChoiceField(
        label="De quoi s’agit-il ?",
        help_text=f"Un à {MOST_THEMES} thèmes : ils disent à qui confier le projet",
        choices=Theme.choices,
        widget=fields.CheckboxSelectMultiple,
    )

    def clean_themes(self) -> list[str]:
        themes: list[str] = self.cleaned_data["themes"]
        if len(themes) > MOST_THEMES:
            raise fields.ValidationError(f"Gardez les {MOST_THEMES} thèmes qui comptent le plus.")
        return themes


class WhereForm(forms.Form):
    """The communes kept, one more to add, or the whole EPCI."""

    mark_optional = False
    commune = commune_field("Ajouter une commune", "Nom ou code postal", required=False)
    kept = fields.ModelMultipleChoiceField(
        label="Communes du projet",
        queryset=Commune.objects.none(),
        widget=fields.CheckboxSelectMultiple,
        required=False,
    )
    whole = fields.BooleanField(label="Toute l’intercommunalité", required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        here = Commune.objects.filter(pk__in=project.communes.values("commune"))
        lead = project.lead_commune
        self.epci = lead.epci if lead is not None else None
        whole = project.epci_id is not None and self._is_whole(project)
        kwargs.setdefault(
            "initial", {"kept": list(here.values_list("pk", flat=True)), "whole": whole}
        )
        super().__init__(*args, **kwargs)
        self.is_whole = whole
        # What another tab took away may still be ticked here: it is a commune, it is accepted.
        posted = self.data.getlist("kept")[:250] if hasattr(self.data, "getlist") else []
        posted = [one for one in posted if re.fullmatch("[0-9][0-9AB][0-9]{3}", one)]
        offered = Commune.objects.filter(pk__in={*posted, *here.values_list("pk", flat=True)})
        self.fields["kept"].queryset = (  # type: ignore[attr-defined]
            offered.select_related("departement").order_by(*by_name("name"))
        )
        if self.epci is None:
            del self.fields["whole"]
        else:
            self.fields["whole"].label = f"Toute l’intercommunalité : {self.epci.name}"

    @staticmethod
    def _is_whole(project: Project) -> bool:
        there = Commune.objects.filter(epci=project.epci_id, active=True).count()
        return there > 1 and project.communes.count() == there

    def clean_commune(self) -> Commune | None:
        text = str(self.cleaned_data["commune"]).strip()
        if not text:
            return None
        commune, others = territories.meant(text)
        if commune is None:
            return commune_typed(text)
        if others:
            names = ", ".join(f"{one} {one.main_postcode}" for one in [commune, *others][:6])
            raise fields.ValidationError(
                f"Plusieurs communes portent ce nom : {names}. Ajoutez le code postal."
            )
        return commune

    def communes(self) -> list[Commune]:
        """What is left, and what was added; the whole EPCI when it is asked for."""
        if self.cleaned_data.get("whole") and self.epci is not None:
            return list(Commune.objects.filter(epci=self.epci, active=True).order_by("-population"))
        kept = list(self.cleaned_data["kept"])
        added = self.cleaned_data["commune"]
        return [*kept, added] if added is not None and added not in kept else kept


class ProgrammesForm(forms.Form):
    mark_optional = False
    programmes = fields.ModelMultipleChoiceField(
        label="De quels programmes ce projet relève-t-il ?",
        queryset=Programme.objects.none(),
        widget=fields.CheckboxSelectMultiple,
        required=False,
        help_text="Cochez ceux qui s’appliquent ; décochez les autres",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        there = set(territory.programmes_there(project).values_list("pk", flat=True))
        everywhere = set(territory.programmes_everywhere().values_list("pk", flat=True))
        chosen = set(project.programmes.filter(until=None).values_list("programme", flat=True))
        kwargs.setdefault("initial", {"programmes": list(chosen)})
        super().__init__(*args, **kwargs)
        # Of a filed project, what it is in is shown in any case: a box left out would be unticked.
        kept = set() if project.is_draft else chosen
        offered = Programme.objects.filter(pk__in=there | everywhere | kept)
        self.fields["programmes"].queryset = offered  # type: ignore[attr-defined]

    @property
    def is_empty(self) -> bool:
        return not self.fields["programmes"].queryset.exists()  # type: ignore[attr-defined]


class MoneyForm(forms.Form):
    budget = EurosField(
        label="Budget prévisionnel",
        help_text="En euros, même approximatif. Par exemple : 250 000 ou 1,2 M€",
        required=False,
    )
    starts_on = forms.DateField(label="Début prévu", required=False)
    ends_on = forms.DateField(label="Fin prévue", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "La fin prévue ne peut pas précéder le début.")
        return data


class ContactForm(forms.Form):
    contact_name = fields.CharField(label="Prénom et nom", max_length=120)
    contact_function = fields.CharField(
        label="Fonction",
        help_text="Par exemple : maire, secrétaire de mairie",
        max_length=120,
        required=False,
    )
    contact_email = fields.EmailField(
        label="Adresse électronique", error_messages={"invalid": BAD_EMAIL}
    )
    contact_phone = fields.CharField(label="Téléphone", max_length=20, required=False)


class LinkForm(forms.Form):
    email = email_field("Votre adresse électronique", "Par exemple : prenom.nom@exemple.fr")
