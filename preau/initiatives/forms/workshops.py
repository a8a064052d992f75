"""What is typed about workshops and the watch list."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms as fields
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from preau.core import forms
from preau.initiatives.actions.workshops import WorkshopFacts
from preau.initiatives.models import Workshop
from preau.places.models import Space
from preau.projects.models import Project
from preau.territories.area_field import AreaField

_MINUTES = re.compile(r"^(?P<title>.*?)\s*\(\s*(?P<minutes>\d{1,3})\s*(?:min\w*)?\s*\)\s*$")


class WorkshopForm(forms.Form):
    title = fields.CharField(label="Titre de l’atelier", max_length=160)
    area = AreaField(label="Territoire")
    purpose = fields.CharField(
        label="Pourquoi cet atelier",
        max_length=3000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 4}),
    )
    day = forms.DateField(label="Jour")
    start = forms.TimeField(label="De")
    end = forms.TimeField(label="À")
    location = fields.CharField(
        label="Où",
        max_length=300,
        help_text="Nom de la salle et adresse, ou lien de visioconférence.",
    )
    space = fields.ModelChoiceField(
        label="Un de vos espaces",
        queryset=Space.objects.none(),
        required=False,
        empty_label="Aucun",
        help_text="Facultatif : sa page sera liée. Réservez-le à part.",
    )
    agenda = fields.CharField(
        label="Ordre du jour",
        max_length=4000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 5}),
        help_text="Un point par ligne, avec sa durée si vous voulez : « Tour de table (20 min) ».",
    )
    is_public = fields.BooleanField(
        label="Page publique",
        required=False,
        help_text="Titre, dates, lieu, ordre du jour, puis compte rendu. Jamais les invités.",
    )

    def __init__(self, *args: Any, spaces: Any, workshop: Workshop | None, **kwargs: Any) -> None:
        if workshop is not None:
            kwargs.setdefault("initial", _initial(workshop))
        super().__init__(*args, **kwargs)
        field = self.fields["space"]
        field.queryset = spaces  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.place.name}, {one.name}"  # type: ignore[attr-defined]
        if not spaces.exists():
            del self.fields["space"]

    def facts(self) -> WorkshopFacts:
        data = self.cleaned_data
        return WorkshopFacts(
            title=data["title"],
            area_key=data["area"].key,
            purpose=data["purpose"],
            starts_at=datetime.combine(data["day"], data["start"]),
            ends_at=datetime.combine(data["day"], data["end"]),
            location=data["location"],
            space=data.get("space"),
            agenda=_items(data["agenda"]),
            is_public=data["is_public"],
        )


def _items(text: str) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for line in filter(None, (one.strip(" -–•\t") for one in text.splitlines())):
        timed = _MINUTES.match(line)
        found.append((timed["title"], int(timed["minutes"])) if timed else (line, None))
    return found


def _initial(workshop: Workshop) -> dict[str, Any]:
    starts = workshop.starts_at.astimezone(workshop.zone)
    lines = [
        f"{one.title} ({one.minutes} min)" if one.minutes else one.title
        for one in workshop.agenda.all()
    ]
    return {
        "title": workshop.title,
        "area": workshop.area_key,
        "purpose": workshop.purpose,
        "day": starts.date(),
        "start": starts.time(),
        "end": workshop.ends_at.astimezone(workshop.zone).time(),
        "location": workshop.location,
        "space": workshop.space_id,
        "agenda": "\n".join(lines),
        "is_public": workshop.is_public,
    }


class InviteForm(forms.Form):
    people = fields.CharField(
        label="Personnes à inviter",
        max_length=20000,
        widget=fields.Textarea(attrs={"rows": 6}),
        help_text="Une par ligne : adresse, puis nom et structure si vous voulez, séparés par des"
        " points-virgules. « anne@exemple.fr ; Anne Roux ; Association des jardins ».",
    )

    def clean_people(self) -> list[tuple[str, str, str]]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["people"].splitlines())):
            parts = [one.strip() for one in line.replace("\t", ";").split(";")] + ["", ""]
            try:
                validate_email(parts[0])
            except ValidationError as error:
                raise fields.ValidationError(
                    f"« {parts[0][:80]} » n’est pas une adresse complète. Écrivez-la d’abord, puis"
                    " le nom après un point-virgule."
                ) from error
            found.append((parts[0], parts[1], parts[2]))
        return found


class CancelForm(forms.Form):
    reason = fields.CharField(
        label="Pourquoi ?", max_length=500, help_text="Les personnes invitées le liront."
    )


class MinutesForm(forms.Form):
    minutes = fields.CharField(
        label="Compte rendu", max_length=20000, widget=fields.Textarea(attrs={"rows": 12})
    )


class ConclusionForm(forms.Form):
    text = fields.CharField(
        label="Ce qui est décidé", max_length=500, help_text="Commencez par un verbe."
    )
    owner_name = fields.CharField(label="Qui s’en charge", max_length=120)
    due_on = forms.DateField(label="Pour le")
    project = fields.ChoiceField(
        label="Devient une action du projet",
        required=False,
        help_text="Sans projet, c’est une note de votre veille.",
    )

    def __init__(self, *args: Any, projects: list[Project], **kwargs: Any) -> None:
        self.projects = {str(one.key): one for one in projects}
        super().__init__(*args, **kwargs)
        named = [(key, str(one)) for key, one in self.projects.items()]
        self.fields["project"].choices = [("", "Aucun : une note de veille"), *named]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return data | {"project": self.projects.get(data["project"])}


class OutcomeForm(forms.Form):
    outcome = fields.CharField(label="Ce qu’il en est advenu", max_length=500)
