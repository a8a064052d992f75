"""What an operator types of a programme and of what it asks."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms as controls
from django.utils.text import slugify

from preau.core import forms
from preau.projects.enums import QuestionKind
from preau.projects.models import Programme, Question, QuestionnaireVersion

KINDS_WITH_CHOICES = (QuestionKind.CHOICE, QuestionKind.CHOICES)


class ProgrammeForm(forms.ModelForm):
    url = controls.URLField(
        label="Page officielle", max_length=300, required=False, assume_scheme="https"
    )

    class Meta:
        model = Programme
        fields = ["name", "description", "url", "is_national", "active", "weight", "deadline"]
        field_classes = {"deadline": forms.DateField}
        help_texts = {
            "weight": "De 0 à 100 : ses projets passent devant dans la boîte du binôme",
            "is_national": "Sinon, seulement dans les communes de son périmètre",
            "active": "Décochez-le quand il est terminé : il n’est plus proposé au dépôt",
        }
        widgets = {"description": controls.Textarea(attrs={"rows": 3})}


class NewProgrammeForm(ProgrammeForm):
    def values(self) -> dict[str, Any]:
        """What the action takes: the short name comes from the name."""
        slug = slugify(self.cleaned_data["name"])[:40].strip("-")
        return {**self.cleaned_data, "slug": slug or "programme"}


class QuestionForm(forms.Form):
    """One question; each choice is a line."""

    label = controls.CharField(label="Question", max_length=300)
    hint = controls.CharField(
        label="Aide", help_text="Montrée sous la question", max_length=500, required=False
    )
    kind = controls.ChoiceField(label="Réponse attendue", choices=QuestionKind.choices)
    choices = controls.CharField(
        label="Choix possibles",
        help_text="Un par ligne, pour « Un choix » et « Plusieurs choix »",
        max_length=4000,
        required=False,
        widget=controls.Textarea(attrs={"rows": 5}),
    )
    unit = controls.CharField(
        label="Unité", help_text="Pour un nombre : m², logements…", max_length=30, required=False
    )
    section = controls.CharField(
        label="Partie",
        help_text="Les questions qui se suivent sous le même titre sont réunies",
        max_length=120,
        required=False,
    )
    required = controls.BooleanField(label="Réponse obligatoire", required=False)
    code = controls.CharField(
        label="Code",
        help_text="Le même d’un questionnaire à l’autre : la réponse donnée une fois est"
        " proposée à nouveau. Laissez vide pour en créer un",
        max_length=60,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        version: QuestionnaireVersion,
        question: Question | None = None,
        **kwargs: Any,
    ) -> None:
        self.version, self.question = version, question
        if question is not None:
            names = ("label", "hint", "kind", "unit", "section", "required", "code")
            kwargs["initial"] = {name: getattr(question, name) for name in names} | {
                "choices": "\n".join(one["label"] for one in question.choices)
            }
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().lower()
        if code and not re.fullmatch("[a-z0-9_-]+", code):
            raise controls.ValidationError("Des lettres sans accent, des chiffres et _ seulement.")
        return code

    def clean_choices(self) -> list[dict[str, str]]:
        """A choice kept under the same words keeps its code: answers go on meaning the same."""
        known = {
            one["label"]: one["code"] for one in (self.question.choices if self.question else [])
        }
        lines = [" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines()]
        found: list[dict[str, str]] = []
        taken: set[str] = set()
        for label in dict.fromkeys(line for line in lines if line):
            code = known.get(label) or _free(_code(label), taken | set(known.values()))
            taken.add(code)
            found.append({"code": code, "label": label[:200]})
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") in KINDS_WITH_CHOICES and len(data.get("choices") or []) < 2:
            self.add_error("choices", "Écrivez au moins deux choix, un par ligne.")
        if not data.get("code") and data.get("label"):
            others = self.version.questions.all()
            if self.question is not None:
                others = others.exclude(pk=self.question.pk)
            data["code"] = _free(_code(data["label"]), set(others.values_list("code", flat=True)))
        return data


def _code(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore")
    words = re.sub("[^a-z0-9]+", "_", plain.decode().lower()).strip("_")
    return words[:40].strip("_") or "question"


def _free(code: str, taken: set[str]) -> str:
    wanted, number = code, 2
    while wanted in taken:
        wanted, number = f"{code}_{number}", number + 1
    return wanted
