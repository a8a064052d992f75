"""What is typed about calls, answers and reviews."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms as fields
from django.core.files.base import File

from preau.accounts.forms import commune_field, commune_typed, email_field
from preau.core import forms
from preau.core.french import by_name
from preau.initiatives import screens
from preau.initiatives.actions.calls import CallFacts
from preau.initiatives.actions.reviewing import Given
from preau.initiatives.enums.calls import CallQuestionKind, Decision, ReviewerRole
from preau.initiatives.models import CallForInitiatives, Review, Submission, SubmissionAnswer
from preau.places.models import Space
from preau.resources.enums import Theme
from preau.territories.area_field import AreaField
from preau.territories.models import Commune

_LONG = fields.Textarea(attrs={"rows": 6})


class CallForm(forms.Form):
    """What a call says. Days and hours are those of its territory."""

    title = fields.CharField(
        label="Titre de l’appel",
        max_length=160,
        help_text="Ce que vous cherchez, en une ligne : « Faire vivre la Halle le samedi ».",
    )
    area = AreaField(label="Territoire")
    brief = fields.CharField(
        label="Ce que vous cherchez, et pour qui", max_length=10000, widget=_LONG, required=False
    )
    themes = fields.MultipleChoiceField(
        label="Thèmes", choices=Theme, widget=fields.CheckboxSelectMultiple, required=False
    )
    offered = fields.CharField(
        label="Ce que vous proposez aux initiatives retenues",
        max_length=4000,
        widget=fields.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="Salles, créneaux, matériel, accompagnement, aide financière.",
    )
    spaces = fields.ModelMultipleChoiceField(
        label="Espaces proposés",
        queryset=Space.objects.none(),
        widget=fields.CheckboxSelectMultiple,
        required=False,
    )
    opens_on = forms.DateField(label="Ouvre le", required=False)
    opens_time = forms.TimeField(label="À quelle heure", required=False)
    closes_on = forms.DateField(label="Ferme le", required=False)
    closes_time = forms.TimeField(
        label="Heure de fermeture",
        required=False,
        help_text="Minuit à la fin du jour si vous n’écrivez rien.",
    )
    review_until = forms.DateField(label="Avis du jury attendus pour le", required=False)
    announces_winners = fields.BooleanField(
        label="Publier la liste des initiatives retenues",
        required=False,
        help_text="Dites-le dès maintenant : les personnes qui répondent le liront.",
    )

    def __init__(self, *args: Any, call: CallForInitiatives | None, **kwargs: Any) -> None:
        if call is not None:
            kwargs.setdefault("initial", _initial(call))
        super().__init__(*args, **kwargs)
        if call is None:
            del self.fields["spaces"]
            return
        ours = Space.objects.filter(place__owner=call.organization).select_related("place")
        field = self.fields["spaces"]
        field.queryset = ours.order_by(*by_name("place__name", "name"))  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.place.name}, {one.name}"  # type: ignore[attr-defined]
        if not ours.exists():
            del self.fields["spaces"]

    def facts(self) -> CallFacts:
        data = self.cleaned_data
        return CallFacts(
            title=data["title"],
            brief=data["brief"],
            area_key=data["area"].key,
            themes=data["themes"],
            offered=data["offered"],
            opens_at=_wall(data["opens_on"], data["opens_time"] or time(0)),
            closes_at=_wall(data["closes_on"], data["closes_time"]),
            announces_winners=data["announces_winners"],
            review_until=data["review_until"],
            spaces=data.get("spaces") or (),
        )


def _wall(day: date | None, hour: time | None) -> datetime | None:
    """A day and its hour, in the territory's zone; without an hour, midnight at its end."""
    if day is None:
        return None
    if hour is None:
        return datetime.combine(day + timedelta(days=1), time(0))
    return datetime.combine(day, hour)


def _day_and_hour(wall: datetime) -> tuple[date, time | None]:
    """As it is typed: midnight is said by the day that ends."""
    if wall.time() == time(0):
        return wall.date() - timedelta(days=1), None
    return wall.date(), wall.time()


def _initial(call: CallForInitiatives) -> dict[str, Any]:
    opens = call.opens_at.astimezone(call.zone) if call.opens_at else None
    closes_on, closes_time = None, None
    if call.closes_at:
        closes_on, closes_time = _day_and_hour(call.closes_at.astimezone(call.zone))
    return {
        "title": call.title,
        "area": call.area_key,
        "brief": call.brief,
        "themes": call.themes,
        "offered": call.offered,
        "spaces": list(call.spaces.values_list("pk", flat=True)) if call.pk else [],
        "opens_on": opens and opens.date(),
        "opens_time": opens and opens.time(),
        "closes_on": closes_on,
        "closes_time": closes_time,
        "review_until": call.review_until,
        "announces_winners": call.announces_winners,
    }


class PostponeForm(forms.Form):
    closes_on = forms.DateField(label="Nouvelle date de fermeture")
    closes_time = forms.TimeField(
        label="Heure de fermeture",
        required=False,
        help_text="Minuit à la fin du jour si vous n’écrivez rien.",
    )

    def instant(self, zone: ZoneInfo) -> datetime:
        wall = _wall(self.cleaned_data["closes_on"], self.cleaned_data["closes_time"])
        assert wall is not None
        return wall.replace(tzinfo=zone)


class QuestionForm(forms.Form):
    label = fields.CharField(label="Question", max_length=200)
    kind = fields.ChoiceField(label="Réponse attendue", choices=CallQuestionKind)
    choices = fields.CharField(
        label="Réponses possibles",
        required=False,
        max_length=3000,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="Une par ligne, pour un choix dans une liste seulement.",
    )
    hint = fields.CharField(label="Précision", max_length=300, required=False)
    required = fields.BooleanField(label="Réponse obligatoire", required=False, initial=True)

    def lines(self) -> list[str]:
        return [one for one in self.cleaned_data["choices"].splitlines() if one.strip()]


class CriterionForm(forms.Form):
    title = fields.CharField(label="Critère", max_length=160)
    hint = fields.CharField(
        label="Précision",
        max_length=300,
        required=False,
        help_text="Ce que veut dire une bonne note.",
    )
    weight = fields.IntegerField(
        label="Poids", min_value=1, max_value=10, initial=1, help_text="De 1 à 10."
    )


class ReviewerForm(forms.Form):
    email = email_field("Adresse électronique")
    role = fields.ChoiceField(label="Rôle", choices=ReviewerRole, initial=ReviewerRole.JUROR)


class IdeaForm(forms.Form):
    title = fields.CharField(label="Nom de votre initiative", max_length=160)
    summary = fields.CharField(
        label="En quoi elle consiste, pour qui, avec qui",
        max_length=5000,
        widget=fields.Textarea(attrs={"rows": 8}),
    )
    commune = commune_field("Commune où elle se passerait", "Nom ou code postal")
    phone = fields.CharField(label="Téléphone", max_length=20, required=False)

    def clean_commune(self) -> Commune:
        return commune_typed(str(self.cleaned_data["commune"]))


class AnswersForm(forms.Form):
    """One screen of a call's questions; nothing is required before the end: drafts are kept."""

    def __init__(
        self, *args: Any, submission: Submission, screen: screens.Screen, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.screen = screen
        kept: dict[int, SubmissionAnswer] = {
            one.question_id: one for one in submission.answers.select_related("document")
        }
        for question in screen.questions:
            self.add_field(screens.field_of(question), _control(question, kept.get(question.pk)))

    def texts(self) -> dict[int, str]:
        return {
            one.pk: str(self.cleaned_data.get(screens.field_of(one)) or "")
            for one in self.screen.questions
            if one.kind != CallQuestionKind.FILE
        }

    def uploads(self) -> dict[int, File[bytes]]:
        return {
            one.pk: upload
            for one in self.screen.questions
            if one.kind == CallQuestionKind.FILE
            and (upload := self.cleaned_data.get(screens.field_of(one)))
        }


class _NumberField(fields.DecimalField):
    """A number, kept as it is read: « 3,5 »."""

    def __init__(self, **kwargs: Any) -> None:
        widget = fields.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_digits=14, decimal_places=3, widget=widget, **kwargs)
        self.error_messages["invalid"] = "Écrivez un nombre en chiffres, comme 1250 ou 3,5."

    def to_python(self, value: Any) -> Any:
        plain = "".join(str(value).split()).replace(",", ".") if value else value
        super().to_python(plain)
        return plain.replace(".", ",") if plain else ""

    def validate(self, value: Any) -> None:
        fields.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        super().run_validators(super().to_python(value.replace(",", ".")) if value else value)


def _control(question: Any, kept: SubmissionAnswer | None) -> fields.Field:
    asked = "" if question.required else "Facultatif. "
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": f"{asked}{question.hint}".strip(),
        "required": False,
        "initial": kept.text if kept else "",
    }
    if question.kind == CallQuestionKind.CHOICE:
        choices = [(one, one) for one in question.choices]
        return fields.ChoiceField(choices=choices, widget=fields.RadioSelect, **common)
    if question.kind == CallQuestionKind.NUMBER:
        return _NumberField(**common)
    if question.kind == CallQuestionKind.FILE:
        there = " Un fichier est déjà joint ; un autre le remplace." if kept else ""
        common |= {"initial": None, "help_text": f"{common['help_text']} PDF ou image.{there}"}
        return fields.FileField(**common)
    return fields.CharField(max_length=5000, widget=fields.Textarea(attrs={"rows": 5}), **common)


class ReviewForm(forms.Form):
    """A figure and a word for each criterion, then an opinion."""

    mark_optional = False
    MARKS = [("", "À noter"), *[(str(one), str(one)) for one in range(6)]]

    def __init__(
        self, *args: Any, call: CallForInitiatives, review: Review | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        scores = {one.criterion_id: one for one in review.scores.all()} if review else {}
        self.criteria = list(call.criteria.all())
        for one in self.criteria:
            score = scores.get(one.pk)
            self.add_field(
                f"value_{one.pk}",
                fields.ChoiceField(
                    label=f"{one.title} : note sur 5",
                    help_text=f"Poids {one.weight}. {one.hint}".strip(),
                    choices=self.MARKS,
                    required=False,
                    initial=str(score.value) if score else "",
                ),
            )
            self.add_field(
                f"comment_{one.pk}",
                fields.CharField(
                    label=f"{one.title} : pourquoi",
                    max_length=1000,
                    required=False,
                    initial=score.comment if score else "",
                ),
            )
        self.add_field(
            "comment",
            fields.CharField(
                label="Votre avis",
                max_length=4000,
                required=False,
                widget=fields.Textarea(attrs={"rows": 4}),
                initial=review.comment if review else "",
            ),
        )

    def scores(self) -> dict[int, Given]:
        data = self.cleaned_data
        return {
            one.pk: Given(
                int(data[f"value_{one.pk}"]) if data[f"value_{one.pk}"] else None,
                data[f"comment_{one.pk}"],
            )
            for one in self.criteria
        }


class ConflictForm(forms.Form):
    conflict_reason = fields.CharField(
        label="Quel lien avez-vous avec le candidat ?",
        max_length=500,
        help_text="« Je suis trésorière de cette association ». Les organisateurs le lisent.",
    )


class DecisionForm(forms.Form):
    decision = fields.ChoiceField(
        label="Décision",
        choices=[one for one in Decision.choices if one[0]],
        widget=fields.RadioSelect,
    )
    reason = fields.CharField(
        label="Motif",
        max_length=2000,
        widget=fields.Textarea(attrs={"rows": 4}),
        help_text="La personne qui a répondu le lira tel quel.",
    )


class AnswerWithProjectForm(forms.Form):
    call = fields.ModelChoiceField(
        label="À quel appel ?",
        queryset=CallForInitiatives.objects.none(),
        widget=fields.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, calls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["call"]
        field.queryset = calls  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.title} ({one.organization})"  # type: ignore[attr-defined]
