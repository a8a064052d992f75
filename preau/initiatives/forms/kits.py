"""What is typed about kits, supports and local currencies."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.accounts.actors import Actor
from preau.accounts.forms import commune_field, commune_typed, email_field
from preau.core import forms
from preau.projects.models import Project
from preau.resources.enums import Theme
from preau.territories.models import Commune

NEW = "nouveau"


class KitForm(forms.Form):
    title = fields.CharField(
        label="Titre du kit", max_length=120, help_text="Commencez par un verbe."
    )
    purpose = fields.CharField(
        label="À quoi cela sert, en combien de temps",
        max_length=3000,
        widget=fields.Textarea(attrs={"rows": 4}),
    )
    themes = fields.MultipleChoiceField(
        label="Thèmes", choices=Theme, widget=fields.CheckboxSelectMultiple, required=False
    )


class StepForm(forms.Form):
    title = fields.CharField(label="Étape", max_length=160)
    text = fields.CharField(
        label="Comment faire",
        max_length=3000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 4}),
    )
    helpers = fields.CharField(label="Qui peut aider", max_length=300, required=False)
    link_label = fields.CharField(label="Lien utile", max_length=120, required=False)
    link_url = fields.URLField(
        label="Adresse du lien", max_length=300, required=False, assume_scheme="https"
    )
    gathers_support = fields.BooleanField(
        label="C’est l’étape où l’on réunit des soutiens", required=False
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("link_label")) != bool(data.get("link_url")) and not self.errors:
            self.add_error("link_url", "Un lien a des mots et une adresse : donnez les deux.")
        return data


class TakeForm(forms.Form):
    """One of one's projects, or a new one."""

    project = fields.ChoiceField(label="Pour quel projet ?", widget=fields.RadioSelect)
    name = fields.CharField(
        label="Nom du nouveau projet",
        max_length=160,
        required=False,
        help_text="Par exemple « Le compost de la rue des Lilas ».",
    )

    def __init__(self, *args: Any, projects: list[Project], **kwargs: Any) -> None:
        self.projects = {str(one.key): one for one in projects}
        kwargs.setdefault("initial", {"project": NEW})
        super().__init__(*args, **kwargs)
        named = [(key, str(one)) for key, one in self.projects.items()]
        self.fields["project"].choices = [*named, (NEW, "Un nouveau projet")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("project") == NEW and not data.get("name"):
            self.add_error("name", "Donnez un nom à votre projet ; vous pourrez le changer.")
        return data


class AppealForm(forms.Form):
    appeal = fields.CharField(
        label="Ce que vous dites aux habitants",
        max_length=2000,
        widget=fields.Textarea(attrs={"rows": 5}),
        help_text="Ce que vous voulez faire, où, et ce que leur soutien changera.",
    )


class SupportForm(forms.Form):
    """Signed in, the address is known already."""

    first_name = fields.CharField(
        label="Votre prénom", max_length=60, help_text="Affiché sur cette page."
    )
    commune = commune_field("Votre commune", "Nom ou code postal ; affichée sur cette page")
    email = email_field(
        "Votre adresse électronique", "Jamais affichée : un lien y confirme votre soutien."
    )
    words = fields.CharField(
        label="Un mot",
        max_length=400,
        required=False,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="Les porteurs du projet le relisent avant qu’il soit affiché.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        person = actor.user
        if person is not None:
            kwargs.setdefault(
                "initial",
                {"first_name": person.first_name, "commune": str(person.commune or "")},
            )
        super().__init__(*args, **kwargs)
        if person is not None:
            del self.fields["email"]

    def clean_commune(self) -> Commune:
        return commune_typed(str(self.cleaned_data["commune"]))


class CurrencyForm(forms.Form):
    name = fields.CharField(label="Nom de la monnaie", max_length=120)
    partners = fields.CharField(
        label="Commerces et structures partenaires",
        max_length=2000,
        widget=fields.Textarea(attrs={"rows": 4}),
        help_text="Un par ligne.",
    )
    since = forms.DateField(label="Depuis le")
    until = forms.DateField(label="Jusqu’au", required=False)
    note = fields.CharField(
        label="Remarque",
        max_length=2000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="Association émettrice, convention, bilan. Aucun compte n’est tenu ici.",
    )
