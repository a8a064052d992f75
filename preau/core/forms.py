"""The base of every form: native date and time inputs, refusals shown where they belong.

Rendering is in the templates: `{% ui_form form submit="Envoyer la demande" %}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpRequest, QueryDict

from preau.core.errors import Refusal
from preau.core.timeranges import FIRST_DAY, LAST_DAY


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


class _TypedAgain(forms.Field):
    """Shows a value typed in French in the way that the browser's native input wants."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return self.to_python(super().bound_data(data, initial))
        except forms.ValidationError:
            return data


class DateField(_TypedAgain, forms.DateField):
    """A day from 1900 to 2199, typed `jj/mm/aaaa` or picked with the browser's calendar."""

    input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d %m %Y", "%d-%m-%Y", "%d.%m.%Y"]
    default_error_messages = {
        "required": "Indiquez une date.",
        "invalid": "Cette date n’existe pas ou n’est pas lisible. Écrivez-la ainsi : 12/03/2027.",
        "far": "Cette date est trop éloignée. Vérifiez l’année.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", self.input_formats)
        super().__init__(**kwargs)
        self.widget.input_type = "date"

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not FIRST_DAY <= value <= LAST_DAY:
            raise forms.ValidationError(self.error_messages["far"], code="far")


class TimeField(_TypedAgain, forms.TimeField):
    """A wall-clock time; quarter-hours are the grain of the site."""

    default_error_messages = {
        "required": "Indiquez une heure.",
        "invalid": "Cette heure n’est pas lisible. Écrivez-la ainsi : 18:30.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"step": 900}))
        kwargs.setdefault("input_formats", ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H"])
        super().__init__(**kwargs)
        self.widget.input_type = "time"


#: Our words where Django's are dry: what to do, not what is wrong.
MESSAGES: dict[type[forms.Field], dict[str, str]] = {
    forms.EmailField: {"invalid": "Écrivez une adresse complète, comme nom@exemple.fr."},
    forms.IntegerField: {"invalid": "Écrivez un nombre entier, en chiffres."},
    forms.ChoiceField: {"required": "Choisissez une réponse dans la liste."},
    forms.BooleanField: {"required": "Cochez cette case pour continuer."},
}


#: Line breaks, other controls, and marks that turn the text after them around.
_NOT_ON_A_LINE = re.compile(r"[\x01-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


class _OnOneLine:
    """Reads a one-line input: browsers send no line break from it, and a name with one forges
    lines of e-mails and of calendars."""

    def __init__(self, to_python: Callable[[Any], Any]) -> None:
        self.to_python = to_python

    def __call__(self, value: Any) -> Any:
        return self.to_python(_NOT_ON_A_LINE.sub(" ", value) if isinstance(value, str) else value)


class BaseForm:
    """What our forms add to Django's."""

    #: False on search forms, where everything is optional and saying so is noise.
    mark_optional = True
    required_message = "Ce renseignement est nécessaire."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            self._make_ours(field)

    def add_field(self, name: str, field: forms.Field) -> None:
        """One more field, known only when the form is made (a question kept as data)."""
        self.fields[name] = field  # type: ignore[attr-defined]
        self._make_ours(field)

    def _make_ours(self, field: forms.Field) -> None:
        self._say_it_plainly(field)
        self._name_the_empty_choice(field)
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea):
            field.to_python = _OnOneLine(field.to_python)  # type: ignore[method-assign]

    def _say_it_plainly(self, field: forms.Field) -> None:
        """Replace Django's words, never those that a field was given."""
        ours = {"required": self.required_message, **MESSAGES.get(type(field), {})}
        defaults = {
            key: text
            for kind in reversed(type(field).__mro__)
            for key, text in getattr(kind, "default_error_messages", {}).items()
            if kind.__module__.startswith("django.")
        }
        for key, text in ours.items():
            if field.error_messages.get(key) == defaults.get(key):
                field.error_messages[key] = text

    def _name_the_empty_choice(self, field: forms.Field) -> None:
        """« Choisissez » rather than Django's row of dashes."""
        if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
            return
        choices: list[Any] = list(field.choices)  # type: ignore[arg-type]
        if choices[:1] == BLANK_CHOICE_DASH:
            field.choices = [("", "Choisissez"), *choices[1:]]

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of an action on its field, or above the form."""
        known = refusal.field in self.fields  # type: ignore[attr-defined]
        self.add_error(refusal.field if known else None, refusal.sentence)  # type: ignore[attr-defined]


class Form(BaseForm, forms.Form):
    """A form of ours."""


class ModelForm(BaseForm, forms.ModelForm):  # type: ignore[type-arg]
    """A form of ours on a model."""
