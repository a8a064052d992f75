"""What is typed about blockages, suggestions and recommendations."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from preau.core import forms
from preau.core.formats import WEEKDAYS, duration
from preau.places.enums import Equipment, SpaceKind
from preau.projects import needs
from preau.projects.actions.blockages import Told
from preau.projects.actions.recommendations import Advice, advice_of
from preau.projects.actions.replies import Reply
from preau.projects.enums import BlockageState, RecommendationState, Severity
from preau.projects.models import Blockage, Recommendation
from preau.projects.needs import PlaceNeed
from preau.projects.suggestions.one import Suggestion
from preau.resources.enums import BlockageKind, HelpKind

_DAYS = [("", "N’importe quel jour"), *((str(n), day) for n, day in enumerate(WEEKDAYS))]
_MINUTES = [(n, duration(n)) for n in (60, 90, 120, 180, 240, 480)]
_KM = [(n, f"{n} km") for n in (5, 10, 15, 30, 50)]
_PLACE = ("people", "weekday", "start", "minutes", "km", "kinds", "equipment")


class BlockageForm(forms.Form):
    title = django_forms.CharField(
        label="Ce qui bloque, en une phrase",
        max_length=200,
        help_text="Exemple : il manque 40 000 € pour boucler le plan de financement.",
        error_messages={"required": "Dites en une phrase ce qui bloque."},
    )
    severity = django_forms.ChoiceField(
        label="À quel point ?",
        choices=[
            (Severity.MINOR, "Gênant : nous avançons quand même"),
            (Severity.SERIOUS, "Sérieux : nous prenons du retard"),
            (Severity.BLOCKING, "Bloquant : tout est arrêté"),
        ],
        initial=Severity.SERIOUS,
        widget=django_forms.RadioSelect,
    )
    description = django_forms.CharField(
        label="Précisions",
        required=False,
        max_length=5000,
        widget=django_forms.Textarea(attrs={"rows": 4}),
        help_text="Ce que vous avez déjà essayé, qui vous avez vu.",
    )
    needs_place = django_forms.BooleanField(label="Nous cherchons un lieu", required=False)
    people = django_forms.IntegerField(
        label="Pour combien de personnes ?", required=False, min_value=1, max_value=100_000
    )
    weekday = django_forms.ChoiceField(label="Quel jour ?", required=False, choices=_DAYS)
    start = forms.TimeField(
        label="À partir de quelle heure ?",
        required=False,
        help_text="Laissez vide pour « quand vous voulez ».",
    )
    minutes = django_forms.TypedChoiceField(
        label="Pendant combien de temps ?",
        required=False,
        choices=_MINUTES,
        coerce=int,
        initial=needs.DEFAULT_MINUTES,
    )
    km = django_forms.TypedChoiceField(
        label="Jusqu’à quelle distance ?",
        required=False,
        choices=_KM,
        coerce=int,
        initial=needs.DEFAULT_KM,
    )
    kinds = django_forms.MultipleChoiceField(
        label="Quel genre d’espace ?",
        required=False,
        choices=SpaceKind.choices,
        widget=django_forms.CheckboxSelectMultiple,
        help_text="Sans réponse : n’importe lequel.",
    )
    equipment = django_forms.TypedMultipleChoiceField(
        label="Avec quel équipement ?",
        required=False,
        choices=Equipment.choices,
        coerce=int,
        widget=django_forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: BlockageKind,
        blockage: Blockage | None = None,
        **kwargs: Any,
    ) -> None:
        if blockage is not None:
            kwargs["initial"] = _initial_of(blockage)
        elif kind in {BlockageKind.FONCIER, BlockageKind.PARTENAIRES}:
            kwargs["initial"] = {"needs_place": kind == BlockageKind.FONCIER}
        super().__init__(data, **kwargs)
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if data.get("needs_place") and not data.get("people") and "people" not in self.errors:
            self.add_error("people", "Dites pour combien de personnes, même à peu près.")
        return data

    @property
    def place_fields(self) -> list[Any]:
        return [self[name] for name in _PLACE[:5]]

    @property
    def told(self) -> Told:
        data = self.cleaned_data
        return Told(
            kind=self.kind,
            title=data["title"],
            severity=Severity(data["severity"]),
            description=data["description"],
            need=_need(data) if data["needs_place"] else None,
        )


def _need(data: dict[str, Any]) -> PlaceNeed:
    start = data["start"]
    minutes = data["minutes"] or needs.DEFAULT_MINUTES
    begins = start.hour * 60 + start.minute if start else None
    return PlaceNeed(
        people=data["people"],
        weekday=int(data["weekday"]) if data["weekday"] else None,
        # The hours of one evening: what would end after midnight starts a little earlier.
        start_minute=None if begins is None else min(begins, 1440 - minutes),
        minutes=minutes,
        equipment=sum(1 << one for one in data["equipment"]),
        kinds=tuple(data["kinds"]),
        km=data["km"] or needs.DEFAULT_KM,
    )


def _initial_of(blockage: Blockage) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": blockage.title,
        "severity": blockage.severity,
        "description": blockage.description,
    }
    need = needs.read(blockage.need)
    if need is None:
        return values
    start = need.start_minute
    return values | {
        "needs_place": True,
        "people": need.people,
        "weekday": "" if need.weekday is None else str(need.weekday),
        "start": None if start is None else f"{start // 60:02d}:{start % 60:02d}",
        "minutes": need.minutes,
        "km": need.km,
        "kinds": list(need.kinds),
        "equipment": [int(one) for one in need.equipment_wanted],
    }


class EndForm(forms.Form):
    """How a blockage ends."""

    how = django_forms.ChoiceField(
        label="Comment se termine-t-il ?",
        choices=[
            (BlockageState.LIFTED, "Levé : le problème est réglé"),
            (BlockageState.BYPASSED, "Contourné : nous faisons autrement"),
            (BlockageState.ABANDONED, "Abandonné : nous renonçons, ou c’était une erreur"),
        ],
        widget=django_forms.RadioSelect,
    )
    reason = django_forms.CharField(
        label="Ce qui a permis d’avancer",
        max_length=2000,
        widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text="Tous les membres du projet le lisent ; cela sert aussi à mieux conseiller les"
        " projets suivants.",
        error_messages={"required": "Dites en une phrase ce qui a mis fin au blocage."},
    )


class ReasonForm(forms.Form):
    reason = django_forms.CharField(
        label="Motif", max_length=2000, widget=django_forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, hint: str = "", most: int = 2000) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = hint
        self.fields["reason"].max_length = most  # type: ignore[attr-defined]
        self.fields["reason"].widget.attrs["maxlength"] = str(most)


class AdviceForm(forms.Form):
    """A recommendation, as the holder will read it."""

    kind = django_forms.ChoiceField(label="Ce qu’elle apporte", choices=HelpKind.choices)
    title = django_forms.CharField(label="Titre", max_length=200)
    rationale = django_forms.CharField(
        label="Pourquoi vous la proposez",
        max_length=5000,
        widget=django_forms.Textarea(attrs={"rows": 7}),
        help_text="Le porteur lit ce texte : dites-lui ce que cela change pour lui.",
    )
    contact = django_forms.CharField(
        label="À qui s’adresser", required=False, max_length=300, help_text="Nom, service, courriel"
    )
    url = django_forms.CharField(
        label="En savoir plus (adresse d’une page)", required=False, max_length=500
    )
    due_on = forms.DateField(label="À faire avant le", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        suggestion: Suggestion | None = None,
        recommendation: Recommendation | None = None,
    ) -> None:
        source = recommendation or (advice_of(suggestion) if suggestion else None)
        names = ("kind", "title", "rationale", "contact", "url", "due_on")
        initial = {name: getattr(source, name) for name in names} if source else {}
        super().__init__(data, initial=initial)
        self.facts = suggestion.facts if suggestion else {}

    def clean_url(self) -> str:
        """A page of ours ("/…") or one of the web."""
        url: str = self.cleaned_data["url"].strip()
        if url.startswith(("https://", "http://")) or (url[:1] == "/" and url[1:2] != "/"):
            return url
        if url:
            raise django_forms.ValidationError(
                "Copiez l’adresse entière de la page : elle commence par https://."
            )
        return ""

    @property
    def advice(self) -> Advice:
        data = self.cleaned_data
        return Advice(
            kind=HelpKind(data["kind"]),
            title=data["title"],
            rationale=data["rationale"],
            contact=data["contact"],
            url=data["url"],
            due_on=data["due_on"],
            facts=self.facts,
        )


#: The buttons of an answer: what the holder presses, what it says next.
ANSWERS = (
    (RecommendationState.STUDIED, "Nous l’étudions"),
    (RecommendationState.ENGAGED, "C’est engagé"),
    (RecommendationState.REALISED, "C’est réalisé"),
    (RecommendationState.ALREADY, "C’était déjà fait"),
    (RecommendationState.REFUSED, "Non, pas pour nous"),
)


class ReplyForm(forms.Form):
    """An answer; the button pressed says which."""

    mark_optional = False  # the words are needed with a no

    helpful = django_forms.ChoiceField(
        label="Cette recommandation vous aide-t-elle ?",
        required=False,
        help_text="Si vous voulez nous le dire.",
        choices=[("oui", "Oui"), ("non", "Non")],
        widget=django_forms.RadioSelect,
    )
    reason = django_forms.CharField(
        label="Un mot pour le service qui vous conseille",
        required=False,
        max_length=2000,
        widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text="Nécessaire pour refuser : dites pourquoi.",
    )
    state = django_forms.ChoiceField(
        choices=ANSWERS,
        widget=django_forms.HiddenInput,
        error_messages={"required": "Choisissez une réponse : appuyez sur l’un des boutons."},
    )

    def reply(self, *, by_link: bool = False) -> Reply:
        data = self.cleaned_data
        helpful = {"oui": True, "non": False}.get(data["helpful"])
        state = RecommendationState(data["state"])
        return Reply(state, data["reason"], helpful, by_link=by_link)
