"""Writing a story, adding a photo."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.core import forms
from preau.initiatives.actions.stories import MOST_RESULTS
from preau.initiatives.enums.stories import Consent
from preau.initiatives.models import Story


class StoryForm(forms.Form):
    title = fields.CharField(
        label="Titre", max_length=140, help_text="Par exemple : Un composteur qui a fait école."
    )
    summary = fields.CharField(
        label="En une phrase",
        required=False,
        max_length=300,
        widget=fields.Textarea(attrs={"rows": 2}),
    )
    text = fields.CharField(
        label="Le récit",
        required=False,
        max_length=20_000,
        help_text="Du texte simple ; une ligne vide entre deux paragraphes. Ne nommez personne sans"
        " son accord.",
        widget=fields.Textarea(attrs={"rows": 12}),
    )
    authors = fields.CharField(
        label="Signé par",
        required=False,
        max_length=200,
        help_text="Comme on le lira : le nom d’un collectif, ou des prénoms avec leur accord.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_RESULTS + 1):
            figure = fields.CharField(label=f"Chiffre {number}", required=False, max_length=40)
            words = fields.CharField(
                label=f"Ce que dit le chiffre {number}", required=False, max_length=160
            )
            self.add_field(f"figure_{number}", figure)
            self.add_field(f"words_{number}", words)

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The results, two fields a line."""
        numbers = range(1, MOST_RESULTS + 1)
        return [(self[f"figure_{number}"], self[f"words_{number}"]) for number in numbers]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, MOST_RESULTS + 1):
            figure, words = given.get(f"figure_{number}"), given.get(f"words_{number}")
            if words and not figure:
                self.add_error(f"figure_{number}", "Écrivez le chiffre, par exemple : 120 kg.")
            if figure and not words:
                self.add_error(f"words_{number}", "Dites ce que ce chiffre compte.")
        return given

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        numbers = range(1, MOST_RESULTS + 1)
        return {
            **{name: data[name] for name in ("title", "summary", "text", "authors")},
            "results": [[data[f"figure_{one}"], data[f"words_{one}"]] for one in numbers],
        }

    @classmethod
    def values_of(cls, story: Story) -> dict[str, Any]:
        names = ("title", "summary", "text", "authors")
        values = {name: getattr(story, name) for name in names}
        for number, (figure, words) in enumerate(story.results, start=1):
            values |= {f"figure_{number}": figure, f"words_{number}": words}
        return values


class StoryPhotoForm(forms.Form):
    file = fields.FileField(
        label="Photo",
        help_text="JPEG, PNG ou WebP, 10\u00a0Mo au plus. Sa date et son lieu de prise de vue sont"
        " effacés.",
        widget=fields.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": "Choisissez une photo.",
            "empty": "Ce fichier est vide. Choisissez une autre image.",
        },
    )
    alternative_text = fields.CharField(
        label="Description de la photo",
        max_length=250,
        help_text="Pour les personnes qui ne voient pas l’image.",
        error_messages={"required": "Décrivez la photo en quelques mots."},
    )
    credit = fields.CharField(label="Crédit", required=False, max_length=120)
    people = fields.ChoiceField(
        label="Les personnes sur la photo",
        choices=Consent.choices,
        widget=fields.RadioSelect,
        help_text="Pour des enfants, l’accord est celui de leurs parents.",
        error_messages={"required": "Dites si des personnes sont reconnaissables."},
    )
