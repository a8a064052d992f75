"""Writing a listing, looking for one, answering, signalling, concluding."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms as fields

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.core import clock, forms
from preau.initiatives.enums.listings import Category, Manner, Side, SignalReason
from preau.initiatives.models import Answer, Listing
from preau.initiatives.queries.listings import RADIUS_KM, Asked
from preau.projects.causes import key_in, offered
from preau.projects.models import Project
from preau.territories.models import Commune
from preau.territories.queries import resolve

RADII = [(2, "2 km"), (5, "5 km"), (10, "10 km"), (20, "20 km"), (50, "50 km"), (100, "100 km")]
_UNKNOWN = "Nous ne trouvons pas cette commune. Vérifiez son nom, ou écrivez son code postal."


def commune_field(label: str, **more: Any) -> fields.CharField:
    return fields.CharField(
        label=label,
        max_length=100,
        widget=fields.TextInput(
            attrs={
                "placeholder": "Nom ou code postal",
                "autocomplete": "off",
                "data-suggest": "find:communes",
            }
        ),
        error_messages={"max_length": "Une commune ou un code postal suffit : écrivez moins."},
        **more,
    )


def commune_of(text: str) -> Commune | None:
    """
    Raises:
        ValidationError: no such commune.
    """
    text = text.strip()
    if not text:
        return None
    found = resolve(text)
    if found is None:
        raise fields.ValidationError(_UNKNOWN)
    return found


def named(commune: Commune) -> str:
    return f"{commune.name} ({commune.departement_id})"


def project_choices(actor: Actor) -> list[tuple[str, str]]:
    """Projects at work that the person carries or contributes to."""
    return [(one.key, one.label) for one in offered(actor, [])]


def project_of(value: str) -> Project | None:
    key = key_in(value)
    return Project.objects.filter(key=key).first() if key else None


class SearchForm(forms.Form):
    mark_optional = False
    q = fields.CharField(
        label="Que cherchez-vous ?",
        required=False,
        max_length=100,
        widget=fields.TextInput(
            attrs={"type": "search", "placeholder": "Par exemple : compost, chaises"}
        ),
    )
    commune = commune_field("Autour de quelle commune ?", required=False)
    rayon = fields.TypedChoiceField(
        label="Dans un rayon de",
        required=False,
        coerce=int,
        empty_value="",
        choices=RADII,
    )
    nature = fields.ChoiceField(
        label="Offres ou besoins",
        required=False,
        choices=[("", "Les deux"), ("offre", "Offres"), ("besoin", "Besoins")],
    )
    categorie = fields.ChoiceField(
        label="Catégorie", required=False, choices=[("", "Toutes"), *Category.choices]
    )

    def clean_commune(self) -> Commune | None:
        return commune_of(self.cleaned_data["commune"])

    def asked(self) -> Asked:
        """What was understood; a field in error asks for nothing."""
        given = self.cleaned_data
        return Asked(
            words=given.get("q") or "",
            side=given.get("nature") or "",
            category=given.get("categorie") or "",
            commune=given.get("commune"),
            radius_km=given.get("rayon") or RADIUS_KM,
        )


class ListingForm(forms.Form):
    """The whole of a listing. What nobody can guess is asked; the rest has an answer already."""

    side = fields.ChoiceField(
        label="Vous…",
        choices=[(Side.OFFER, "proposez quelque chose"), (Side.NEED, "cherchez quelque chose")],
        initial=Side.OFFER,
        widget=fields.RadioSelect,
    )
    manner = fields.ChoiceField(
        label="Comment",
        choices=Manner.choices,
        initial=Manner.GIFT,
        widget=fields.RadioSelect,
        help_text="Jamais une vente : aucun argent ne circule par les annonces.",
    )
    category = fields.ChoiceField(
        label="Catégorie", choices=[("", "Choisissez"), *Category.choices]
    )
    title = fields.CharField(
        label="Titre",
        max_length=120,
        help_text="Par exemple : Épluchures de légumes d’un restaurant.",
    )
    text = fields.CharField(
        label="Précisions",
        max_length=3000,
        help_text="L’état, comment cela se passe, ce qu’il faut prévoir. N’écrivez ni téléphone ni"
        " adresse : on vous répond par ce site.",
        widget=fields.Textarea(attrs={"rows": 5}),
    )
    quantity = fields.CharField(
        label="Quantité",
        required=False,
        max_length=80,
        help_text="En quelques mots : « 40 kg par semaine », « 12 chaises ».",
    )
    is_recurring = fields.TypedChoiceField(
        label="Combien de fois",
        choices=[("", "Une fois"), ("oui", "Régulièrement")],
        coerce=bool,
        empty_value="",
        required=False,
        widget=fields.RadioSelect,
    )
    when = fields.CharField(
        label="Quand",
        required=False,
        max_length=120,
        help_text="Par exemple : le mardi et le vendredi matin.",
    )
    commune = commune_field("Commune")
    radius_km = fields.TypedChoiceField(
        label="Jusqu’où peut-on venir, ou allez-vous ?", coerce=int, choices=RADII, initial=10
    )
    valid_until = forms.DateField(
        label="Valable jusqu’au",
        required=False,
        help_text="90 jours au plus ; vous serez prévenu avant, et pourrez prolonger. Sans date :"
        " 90 jours.",
    )
    project = fields.ChoiceField(
        label="Pour un projet",
        required=False,
        help_text="Elle s’affiche aussi sur la fiche du projet. Le projet, lui, n’est pas montré.",
    )
    photo = fields.FileField(
        label="Photo",
        required=False,
        help_text="JPEG, PNG ou WebP, 10\u00a0Mo au plus. Sa date et son lieu sont effacés.",
        widget=fields.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "Ce fichier est vide. Choisissez une autre image."},
    )
    alternative_text = fields.CharField(
        label="Description de la photo",
        required=False,
        max_length=250,
        help_text="Pour les personnes qui ne voient pas l’image.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = project_choices(actor)
        if choices:
            self.fields["project"].choices = [("", "Aucun"), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["project"]

    def clean_commune(self) -> Commune:
        found = commune_of(self.cleaned_data["commune"])
        if found is None:
            raise fields.ValidationError(_UNKNOWN)
        return found

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("photo") and not given.get("alternative_text"):
            self.add_error("alternative_text", "Décrivez la photo en quelques mots.")
        return given

    @property
    def given(self) -> dict[str, Any]:
        """What the verbs take; the photo has its own."""
        data = self.cleaned_data
        apart = {"photo", "alternative_text", "project"}
        values = {name: value for name, value in data.items() if name not in apart}
        values["is_recurring"] = bool(data["is_recurring"])
        if "project" in self.fields:
            values["project"] = project_of(data["project"])
        return values

    @classmethod
    def values_of(cls, listing: Listing) -> dict[str, Any]:
        names = ("side", "manner", "category", "title", "text", "quantity", "when", "radius_km")
        project = listing.project
        return {
            **{name: getattr(listing, name) for name in names},
            "is_recurring": "oui" if listing.is_recurring else "",
            "commune": named(listing.commune),
            "valid_until": listing.valid_until,
            "project": f"projet:{project.key}" if project else "",
            "alternative_text": listing.alternative_text,
        }


class AnswerForm(forms.Form):
    body = fields.CharField(
        label="Votre message",
        max_length=5000,
        widget=fields.Textarea(attrs={"rows": 5}),
        help_text="Votre nom est montré à la personne qui a publié l’annonce, jamais votre adresse"
        " électronique.",
        error_messages={"required": "Écrivez votre message avant de l’envoyer."},
    )
    token = fields.UUIDField(widget=fields.HiddenInput, required=False, initial=uuid4)


class SignalForm(forms.Form):
    reason = fields.ChoiceField(
        label="Que se passe-t-il ?", choices=SignalReason.choices, widget=fields.RadioSelect
    )
    message = fields.CharField(
        label="Précisez, si vous le pouvez",
        required=False,
        max_length=1000,
        widget=fields.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(forms.Form):
    reason = fields.CharField(
        label="Pourquoi",
        max_length=1000,
        widget=fields.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez le motif : l’auteur le lira."},
    )


def _rhythm_fields() -> dict[str, fields.Field]:
    return {
        "quantity": fields.CharField(
            label="Quantité",
            required=False,
            max_length=80,
            help_text="Par exemple : 40 kg par semaine.",
        ),
        "is_recurring": fields.TypedChoiceField(
            label="Combien de fois",
            choices=[("", "Une fois"), ("oui", "Régulièrement")],
            coerce=bool,
            empty_value="",
            required=False,
            widget=fields.RadioSelect,
        ),
        "since": forms.DateField(label="Depuis le"),
    }


class ConcludeForm(forms.Form):
    """Settled with whom: one of those who answered, or somebody met elsewhere."""

    answer = fields.ChoiceField(
        label="Avec qui ?", choices=[], required=False, widget=fields.RadioSelect
    )
    other_name = fields.CharField(
        label="Quelqu’un d’autre",
        required=False,
        max_length=160,
        help_text="Le nom d’une structure ou d’un lieu ; un prénom pour une personne.",
    )
    quantity = _rhythm_fields()["quantity"]
    is_recurring = _rhythm_fields()["is_recurring"]
    since = _rhythm_fields()["since"]

    def __init__(self, *args: Any, listing: Listing, answers: list[Answer], **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "quantity": listing.quantity,
                "is_recurring": "oui" if listing.is_recurring else "",
                "since": clock.today(listing.zone),
            },
        )
        super().__init__(*args, **kwargs)
        self.listing, self.answers = listing, {str(one.pk): one for one in answers}
        names = [(key, one.who) for key, one in self.answers.items()]
        if names:
            self.fields["answer"].choices = [*names, ("", "Quelqu’un d’autre")]  # type: ignore[attr-defined]
        else:
            del self.fields["answer"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("answer") and not given.get("other_name"):
            self.add_error("other_name", "Dites avec qui : choisissez, ou écrivez un nom.")
        since = given.get("since")
        today = clock.today(self.listing.zone)
        if since and not today - timedelta(days=366) <= since <= today + timedelta(days=366):
            self.add_error("since", "Choisissez un jour à moins d’un an d’ici.")
        return given

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = self.answers.get(data.get("answer", ""))
        organization: Organization | None = chosen.organization if chosen else None
        name = data["other_name"]
        if chosen is not None:
            person = chosen.user.first_name if chosen.user else ""
            name = str(organization or person or "Une personne")
        return {
            "other_name": name,
            "other_organization": organization,
            "quantity": data["quantity"],
            "is_recurring": bool(data["is_recurring"]),
            "since": data["since"],
        }


class FlowForm(forms.Form):
    """A flow of a project, written by hand."""

    def clean_is_recurring(self) -> bool:
        return bool(self.cleaned_data["is_recurring"])

    what = fields.CharField(
        label="Quoi", max_length=160, help_text="Par exemple : compost mûr, invendus du marché."
    )
    category = fields.ChoiceField(label="Catégorie", choices=Category.choices)
    donor_name = fields.CharField(label="Qui donne ou prête", max_length=160)
    receiver_name = fields.CharField(label="Qui reçoit", max_length=160)
    quantity = _rhythm_fields()["quantity"]
    is_recurring = _rhythm_fields()["is_recurring"]
    since = _rhythm_fields()["since"]
