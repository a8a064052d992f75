"""Made-up content for the page that shows every component (demo and tests only)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from preau.core import clock, forms, icons
from preau.core.timeranges import Period, local_instant

ZONE = ZoneInfo("Europe/Paris")
ICONS = [(name, icons.icon(name)) for name in icons.PATHS]


class SampleForm(forms.Form):
    """One field of each kind."""

    email = django_forms.EmailField(
        label="Adresse électronique", help_text="Pour recevoir la réponse : nom@exemple.fr"
    )
    day = forms.DateField(label="Jour")
    start = forms.TimeField(label="Début")
    layout = django_forms.ChoiceField(
        label="Disposition", choices=[("", "Choisir"), ("rows", "En rangées"), ("u", "En U")]
    )
    public = django_forms.ChoiceField(
        label="Qui vient ?",
        help_text="Un événement privé n’apparaît jamais dans les pages publiques.",
        choices=[("open", "Tout le monde"), ("private", "Seulement mes invités")],
        widget=django_forms.RadioSelect,
    )
    needs = django_forms.MultipleChoiceField(
        label="Matériel",
        required=False,
        choices=[("video", "Vidéoprojecteur"), ("sound", "Sonorisation")],
        widget=django_forms.CheckboxSelectMultiple,
    )
    message = django_forms.CharField(
        label="Votre message", required=False, widget=django_forms.Textarea(attrs={"rows": 4})
    )
    photo = django_forms.FileField(label="Photo", required=False, help_text="JPEG, 5 Mo au plus")
    rules = django_forms.BooleanField(label="J’ai lu le règlement de la salle")


def _week() -> list[tuple[str, list[SafeString]]]:
    free = '<a class="pr-cell pr-cell--free" href="#semaine">Libre 18 h – 22 h</a>'
    busy = '<span class="pr-cell pr-cell--busy">Occupé : chorale</span>'
    pending = '<a class="pr-cell pr-cell--pending" href="#semaine">À traiter : théâtre</a>'
    closed = '<span class="pr-cell pr-cell--closed">Fermé</span>'
    own = '<span class="pr-cell pr-cell--own">Mairie : bureau de vote</span>'
    rows = {
        "Salle Olympe-de-Gouges": [free, busy, free, pending, free, own, closed],
        "Salle 12": [
            free,
            free,
            f"<ul><li>{busy}</li><li>{free}</li></ul>",
            free,
            free,
            closed,
            closed,
        ],
    }
    return [(name, [mark_safe(cell) for cell in cells]) for name, cells in rows.items()]  # noqa: S308


def sample_context(request: HttpRequest) -> dict[str, Any]:
    tomorrow = clock.today(ZONE) + timedelta(days=1)
    period = Period(local_instant(tomorrow, 1080, ZONE), local_instant(tomorrow, 1230, ZONE))
    faulty = SampleForm({"email": "lucie@", "day": "32/13/2027", "personnes": "3"})
    return {
        "icons": ICONS,
        "zone": ZONE,
        "period": period,
        "until": clock.now() + timedelta(minutes=12),
        "form": faulty if "erreurs" in request.GET else SampleForm(),
        "days": [tomorrow + timedelta(days=offset) for offset in range(7)],
        "week": _week(),
    }
