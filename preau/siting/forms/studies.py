"""A study, its scenarios, a file of travel times."""

from __future__ import annotations

from typing import Any

from django import forms as fields
from django.core.exceptions import ValidationError

from preau.core import forms
from preau.directory import themes
from preau.directory.enums import Profile
from preau.places.enums import PlaceKind
from preau.siting.actions.studies import StudyFacts
from preau.siting.enums import Visibility
from preau.siting.models import Scenario, SitingStudy, TravelTimes
from preau.siting.models.scenarios import MOST_PLACES
from preau.territories.area_field import AreaField
from preau.territories.areas import communes_of
from preau.territories.models import Commune
from preau.territories.names import search_key

#: Usual radius of each profile, in km by road: work and creation may be farther (« élargir la
#: maille »), and need people within reach.
USUAL = {Profile.MEDIATION: (15, 0), Profile.WORK: (20, 15000), Profile.CREATION: (25, 10000)}


class StudyForm(forms.Form):
    title = fields.CharField(
        label="Titre", max_length=160, help_text="Par exemple : « Accès aux droits en Isère »."
    )
    area = AreaField()
    profile = fields.ChoiceField(
        label="Quels lieux ?", choices=Profile.choices, widget=fields.RadioSelect
    )
    question = fields.CharField(
        label="Question posée",
        required=False,
        max_length=2000,
        widget=fields.Textarea(attrs={"rows": 3}),
        help_text="Pourquoi cette étude, pour quelle décision.",
    )

    def facts(self) -> StudyFacts:
        said = self.cleaned_data
        return StudyFacts(said["title"], said["area"], said["profile"], said["question"])


class VisibilityForm(forms.Form):
    visibility = fields.ChoiceField(
        label="Qui lit cette étude ?", choices=Visibility.choices, widget=fields.RadioSelect
    )


class TravelTimesForm(forms.Form):
    name = fields.CharField(
        label="Nom", max_length=120, help_text="Par exemple : « Voiture, heures creuses, 2026 »."
    )
    file = fields.FileField(
        label="Fichier CSV ou XLSX",
        help_text="Trois colonnes : code INSEE de départ, code INSEE d’arrivée, minutes."
        " 2 000 000 de trajets au plus.",
    )


class CommunesField(fields.CharField):
    """Communes typed by name or INSEE code, one a line; cleaned to their codes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", fields.Textarea(attrs={"rows": 3}))
        super().__init__(required=False, max_length=20000, **kwargs)
        self.within: SitingStudy | None = None

    def clean(self, value: Any) -> list[str]:
        typed = super().clean(value)
        names = [one.strip() for one in typed.replace(";", "\n").splitlines() if one.strip()]
        return list(dict.fromkeys(self._code(name) for name in names))

    def _code(self, typed: str) -> str:
        communes = Commune.objects.filter(active=True)
        if self.within is not None:
            communes = _communes(self.within)
        code = typed.upper()
        if communes.filter(pk=code).exists():
            return code
        found = list(communes.filter(search_key=search_key(typed.partition("(")[0]))[:2])
        if len(found) == 1:
            return found[0].pk
        if found:
            raise ValidationError(
                f"Plusieurs communes s’appellent « {typed} » : écrivez le code INSEE."
            )
        raise ValidationError(f"« {typed} » n’est pas une commune du territoire étudié.")


def _communes(study: SitingStudy) -> Any:
    from preau.territories.areas import area

    return communes_of(area(study.area_key))


def _themes() -> list[Any]:
    return [("", "Tous les services"), *themes.grouped()]


class ScenarioForm(forms.Form):
    """One well-ordered form: how many, how far, beside what, when, with which limits."""

    name = fields.CharField(label="Nom du scénario", max_length=120)
    places = fields.IntegerField(
        label="Combien de nouveaux lieux ?", min_value=1, max_value=MOST_PLACES
    )
    measure = fields.ChoiceField(
        label="À portée, c’est…",
        choices=[
            ("km", "À moins d’une distance par la route"),
            ("minutes", "À moins d’une durée, d’après mes temps de trajet"),
        ],
        widget=fields.RadioSelect,
        initial="km",
    )
    radius_km = fields.FloatField(
        label="Distance (km)", min_value=0.5, max_value=200, required=False, localize=True
    )
    factor = fields.FloatField(
        label="Allongement par la route",
        min_value=1,
        max_value=3,
        localize=True,
        help_text="La route est plus longue que le vol d’oiseau : 1,3 fois en moyenne,"
        " davantage en montagne.",
    )
    minutes = fields.IntegerField(
        label="Durée (minutes)", min_value=1, max_value=240, required=False
    )
    travel_times = fields.ModelChoiceField(
        label="Temps de trajet",
        queryset=TravelTimes.objects.none(),
        required=False,
        empty_label="Aucun",
    )
    counts_existing = fields.BooleanField(
        label="Compter les lieux qui existent déjà", required=False
    )
    existing_profile = fields.ChoiceField(
        label="Seulement ce profil",
        choices=[("", "Tous les profils"), *Profile.choices],
        required=False,
    )
    existing_kind = fields.ChoiceField(
        label="Seulement cette nature de lieu",
        choices=[("", "Toutes"), *PlaceKind.choices],
        required=False,
    )
    existing_theme = fields.ChoiceField(
        label="Seulement ceux qui rendent ce service", choices=_themes, required=False
    )
    weekday_share = fields.IntegerField(
        label="En semaine, en journée (%)", min_value=0, max_value=100
    )
    evening_share = fields.IntegerField(label="En soirée (%)", min_value=0, max_value=100)
    saturday_share = fields.IntegerField(label="Le samedi (%)", min_value=0, max_value=100)
    opens_weekday = fields.BooleanField(label="En semaine, en journée", required=False)
    opens_evening = fields.BooleanField(label="En soirée", required=False)
    opens_saturday = fields.BooleanField(label="Le samedi", required=False)
    critical_mass = fields.IntegerField(
        label="Masse critique (habitants à portée d’un nouveau lieu)",
        min_value=0,
        max_value=10_000_000,
        help_text="0 pour ne pas en demander.",
    )
    forced = CommunesField(
        label="Communes imposées", help_text="Une par ligne : un lieu y sera forcément."
    )
    excluded = CommunesField(label="Communes exclues", help_text="Une par ligne : aucun lieu.")

    def __init__(self, *args: Any, study: SitingStudy, **kwargs: Any) -> None:
        radius, mass = USUAL[Profile(study.profile)]
        kwargs["initial"] = {
            "radius_km": radius,
            "critical_mass": mass,
            "factor": 1.3,
            "counts_existing": True,
            "existing_profile": study.profile,
            "weekday_share": 100,
            "evening_share": 0,
            "saturday_share": 0,
            "opens_weekday": True,
            "measure": "km",
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._study = study
        times = TravelTimes.objects.filter(organization=study.organization_id)
        self.fields["travel_times"].queryset = times.defer("content")  # type: ignore[attr-defined]
        for name in ("forced", "excluded"):
            self.fields[name].within = study  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        by_road = said.get("measure") == "km"
        if by_road and not said.get("radius_km") and "radius_km" not in self.errors:
            self.add_error("radius_km", "Donnez la distance.")
        if not by_road:
            for name, words in (("minutes", "la durée"), ("travel_times", "les temps de trajet")):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, f"Donnez {words}.")
        shares = [said.get(f"{one}_share") for one in ("weekday", "evening", "saturday")]
        given = [one for one in shares if one is not None]
        if len(given) == len(shares) and sum(given) != 100:
            self.add_error(
                "weekday_share", f"Les trois parts font {sum(given)}\u00a0% ; il en faut 100."
            )
        if not any(said.get(f"opens_{one}") for one in ("weekday", "evening", "saturday")):
            self.add_error("opens_weekday", "Un nouveau lieu ouvre au moins à un moment.")
        return said

    def scenario(self) -> Scenario:
        """What was typed, not saved."""
        said = dict(self.cleaned_data)
        if said.pop("measure") == "km":
            said |= {"minutes": None, "travel_times": None}
        else:
            said["radius_km"] = None
        return Scenario(study=self._study, **said)
