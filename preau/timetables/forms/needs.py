"""Services to hold, mediators, spaces, sittings placed by hand."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from preau.core import forms
from preau.core.errors import Refusal
from preau.core.formats import WEEKDAYS
from preau.directory.enums import ServiceFamily
from preau.directory.themes import themes
from preau.places.enums import Equipment
from preau.territories.queries import resolve
from preau.timetables.enums import Part
from preau.timetables.forms.rules import whole
from preau.timetables.models import Mediator, ServiceNeed, Session, Timetable
from preau.timetables.queries.providers import registered
from preau.timetables.seasons import day_words, half_day_words


def _days() -> django_forms.TypedMultipleChoiceField:
    return django_forms.TypedMultipleChoiceField(
        label="Jours possibles",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        widget=django_forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un jour."},
    )


class NeedForm(forms.Form):
    label = django_forms.CharField(
        label="Service", max_length=160, help_text="Par exemple : Aide aux démarches CAF."
    )
    provider_name = django_forms.CharField(label="Structure qui le rend", max_length=160)
    siret = django_forms.CharField(
        label="SIRET de la structure",
        max_length=20,
        required=False,
        help_text="Si elle est inscrite sur Préau : sa convention s’établira d’elle-même.",
    )
    family = django_forms.ChoiceField(label="Famille", choices=ServiceFamily.choices)
    theme = django_forms.ChoiceField(label="Thème", required=False)
    sessions = whole("Permanences", 1, 20, help_text="Par semaine, ou par quinzaine.")
    minutes = whole("Durée", 30, 360, help_text="En minutes, par quarts d’heure.")
    priority = whole("Priorité", 1, 5, help_text="De 1 à 5 ; 5 compte le plus.")
    weekdays = _days()
    part = django_forms.ChoiceField(label="Moment", choices=Part.choices)
    mediator = django_forms.ModelChoiceField(
        label="Tenu par",
        queryset=Mediator.objects.none(),
        required=False,
        empty_label="Une personne du service, qui ne tient que lui",
    )
    capacity = whole("Personnes à accueillir", 1, 2000)
    needs_closed_room = django_forms.BooleanField(
        label="Il faut une pièce fermée (confidentialité)", required=False
    )
    equipment = django_forms.TypedMultipleChoiceField(
        label="Équipement nécessaire",
        choices=Equipment.choices,
        coerce=int,
        required=False,
        widget=django_forms.CheckboxSelectMultiple,
    )
    signatory_name = django_forms.CharField(
        label="Qui signe la convention", max_length=120, required=False
    )
    signatory_capacity = django_forms.CharField(
        label="En qualité de", max_length=120, required=False
    )
    signatory_email = django_forms.EmailField(label="Son adresse électronique", required=False)

    def __init__(self, *args: Any, timetable: Timetable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mediators = self.fields["mediator"]
        assert isinstance(mediators, django_forms.ModelChoiceField)
        mediators.queryset = timetable.mediators.all()
        theme = self.fields["theme"]
        assert isinstance(theme, django_forms.ChoiceField)
        theme.choices = [("", "Non précisé"), *themes().items()]

    @staticmethod
    def initial_of(need: ServiceNeed | None) -> dict[str, Any]:
        need = need or ServiceNeed(weekdays=[0, 1, 2, 3, 4])
        given = {name: getattr(need, name) for name in NeedForm.base_fields if hasattr(need, name)}
        given["siret"] = need.provider.siret if need.provider else ""
        return given

    def clean_siret(self) -> str:
        siret = "".join(self.cleaned_data["siret"].split())
        if siret and registered(siret) is None:
            raise django_forms.ValidationError(
                "Aucune structure vérifiée n’a ce SIRET. Laissez vide si elle n’est pas inscrite."
            )
        return siret

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        siret = given.pop("siret")
        given["provider"] = registered(siret)
        return given


class MediatorForm(forms.Form):
    name = django_forms.CharField(label="Nom", max_length=120)
    provider_name = django_forms.CharField(label="Structure", max_length=160, required=False)
    email = django_forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Pour lui envoyer sa semaine et son agenda quand la grille est publiée.",
    )
    weekdays = _days()
    part = django_forms.ChoiceField(label="Moment", choices=Part.choices)
    base = django_forms.CharField(
        label="Commune de départ",
        required=False,
        max_length=100,
        widget=django_forms.TextInput(
            attrs={"data-suggest": "find:communes", "autocomplete": "off"}
        ),
    )
    most_from_base = whole("Au plus loin de là", 1, 240, help_text="En minutes de route.")
    most_places = whole(
        "Lieux dans une demi-journée", 1, 10, help_text="1 : la personne ne se déplace pas."
    )
    most_travel = whole("Route entre ces lieux, au plus", 0, 240, help_text="En minutes.")

    @staticmethod
    def initial_of(mediator: Mediator | None) -> dict[str, Any]:
        mediator = mediator or Mediator(weekdays=[0, 1, 2, 3, 4])
        given = {name: getattr(mediator, name) for name in MediatorForm.base_fields}
        given["base"] = str(mediator.base or "")
        return given

    def clean_base(self) -> Any:
        typed = self.cleaned_data["base"]
        if not typed:
            return None
        commune = resolve(typed)
        if commune is None:
            raise django_forms.ValidationError("Cette commune n’est pas connue.")
        return commune

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class FileForm(forms.Form):
    file = django_forms.FileField(label="Fichier CSV ou Excel")


class WhereForm(forms.Form):
    """A sitting by hand: where, which day, from when."""

    candidate = django_forms.TypedChoiceField(label="Espace", coerce=int)
    day = django_forms.TypedChoiceField(label="Jour", coerce=int)
    start = forms.TimeField(label="À partir de")

    def __init__(self, *args: Any, timetable: Timetable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spaces, day = self.fields["candidate"], self.fields["day"]
        assert isinstance(spaces, django_forms.ChoiceField)
        assert isinstance(day, django_forms.ChoiceField)
        rows = timetable.candidates.select_related("space__place")
        spaces.choices = [(one.pk, f"{one.space.place}, {one.space}") for one in rows]
        day.choices = [(n, day_words(timetable, n)) for n in range(timetable.days)]

    @staticmethod
    def initial_of(session: Session) -> dict[str, Any]:
        hours, minutes = divmod(session.start, 60)
        return {
            "candidate": session.candidate_id,
            "day": session.day,
            "start": f"{hours:02d}:{minutes:02d}",
        }

    @property
    def minute(self) -> int:
        start = self.cleaned_data["start"]
        if start.minute % 15:
            raise Refusal("Les horaires vont de quart d’heure en quart d’heure.", field="start")
        return int(start.hour * 60 + start.minute)


class ForbidForm(forms.Form):
    """Not there, or not then."""

    mark_optional = False
    place = django_forms.ChoiceField(label="Lieu", required=False)
    half_day = django_forms.ChoiceField(label="Demi-journée", required=False)

    def __init__(self, *args: Any, timetable: Timetable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place, half_day = self.fields["place"], self.fields["half_day"]
        assert isinstance(place, django_forms.ChoiceField)
        assert isinstance(half_day, django_forms.ChoiceField)
        rows = timetable.candidates.select_related("space__place")
        places = {one.space.place_id: one.space.place for one in rows}
        place.choices = [("", "Tous les lieux"), *((pk, str(one)) for pk, one in places.items())]
        half_day.choices = [
            ("", "Toutes les demi-journées"),
            *((n, half_day_words(timetable, n)) for n in range(2 * timetable.days)),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("place") and not given.get("half_day"):
            raise django_forms.ValidationError("Choisissez un lieu, une demi-journée, ou les deux.")
        return given
