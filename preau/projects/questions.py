"""The form that a version of a questionnaire makes, and its answers in words.

A question is data: its kind decides the control, what is understood and how it is kept
(`Answer.value`). Writing answers is `actions.answers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from django import forms as fields
from django.forms import BoundField

from preau.core import formats, forms
from preau.core.tables.cells import Unreadable, cents_of
from preau.projects.enums import QuestionKind
from preau.projects.models import Question, QuestionnaireVersion

#: Up to so many choices are radio buttons; beyond, a list that opens.
MOST_RADIOS = 7
#: No figure asked of a commune is longer.
LARGEST = 10**12
_K = QuestionKind


@dataclass(frozen=True, slots=True)
class Known:
    """What was answered elsewhere to the same question, offered again.

    Attributes:
        value: as kept in `Answer.value`.
        source: « repris du projet P-7K3M-QX9A du 3 mars 2026 ».
    """

    value: Any
    source: str


class EurosField(fields.CharField):
    """« 25 000,50 », « 25 k€ » → cents."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", fields.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return f"{value // 100},{value % 100:02d}" if value % 100 else str(value // 100)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return cents_of(text) if text else None
        except Unreadable as error:
            raise fields.ValidationError(str(error)) from error


class FigureField(fields.CharField):
    """« 1 250 », « 3,5 » → a number as JSON keeps it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", fields.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, int | float) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        plain = "".join(str(text).split()).replace(",", ".")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > LARGEST:
            raise fields.ValidationError("Écrivez un nombre en chiffres, comme 1250 ou 3,5.")
        return int(number) if number == number.to_integral_value() else float(number)


class DayField(forms.DateField):
    """A day, kept as text."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.isoformat() if isinstance(day, date) else None

    def prepare_value(self, value: Any) -> Any:
        return value


class YesNoField(fields.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", fields.RadioSelect)
        super().__init__(choices=[("oui", "Oui"), ("non", "Non")], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "oui", False: "non"}.get(value, value) if value is not None else ""

    def clean(self, value: Any) -> Any:
        return {"oui": True, "non": False}.get(super().clean(value))


class OneField(fields.ChoiceField):
    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class SeveralField(fields.MultipleChoiceField):
    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class _LongField(fields.CharField):
    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


def _long(**kwargs: Any) -> fields.Field:
    return _LongField(max_length=5000, widget=fields.Textarea(attrs={"rows": 4}), **kwargs)


def _short(**kwargs: Any) -> fields.Field:
    return _LongField(max_length=500, **kwargs)


_MAKERS: dict[str, Callable[..., fields.Field]] = {
    _K.TEXT: _short,
    _K.LONG: _long,
    _K.NUMBER: FigureField,
    _K.MONEY: EurosField,
    _K.DATE: DayField,
    _K.YES_NO: YesNoField,
}


def choices_of(question: Question) -> list[tuple[str, str]]:
    """The code and the words of each choice."""
    return [(str(one["code"]), str(one["label"])) for one in question.choices]


def field_for(question: Question, *, strict: bool = True) -> fields.Field:
    """The control of a question.

    Args:
        strict: False where one may stop half-way: nothing is required.
    """
    hint = question.hint
    if question.unit:
        hint = f"{hint} ({question.unit})" if hint else f"En {question.unit}"
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": hint,
        "required": question.required and strict,
    }
    if question.kind == _K.CHOICES:
        return SeveralField(
            choices=choices_of(question), widget=fields.CheckboxSelectMultiple, **common
        )
    if question.kind == _K.CHOICE:
        choices = choices_of(question)
        if len(choices) <= MOST_RADIOS:
            return OneField(choices=choices, widget=fields.RadioSelect, **common)
        return OneField(choices=[("", "Choisissez"), *choices], **common)
    return _MAKERS[question.kind](**common)


def _comment_on(question: Question) -> fields.Field:
    return fields.CharField(
        label=f"Commentaire : {question.label}",
        max_length=2000,
        required=False,
        widget=fields.Textarea(attrs={"rows": 2}),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A question on a form: its control, where its value comes from, its comment."""

    question: Question
    field: BoundField
    source: str
    comment: BoundField | None


class QuestionForm(forms.Form):
    """The questions of a version, by kind, with server-side checks.

    `values()` and `comments()` are what `actions.answers.save_answers` takes.

    Args:
        initial: code of question → value kept.
        known: code of question → what was answered elsewhere, offered where nothing is kept yet.
        strict: False where one may stop half-way.
        with_comments: whether each answer may be commented.
        comments: code of question → comment kept.
    """

    def __init__(
        self,
        version: QuestionnaireVersion,
        initial: Mapping[str, Any] | None = None,
        data: Any = None,
        *,
        known: Mapping[str, Known] | None = None,
        strict: bool = True,
        with_comments: bool = False,
        comments: Mapping[str, str] | None = None,
        prefix: str = "",
    ) -> None:
        self.version = version
        self.questions = list(version.questions.all())
        self.with_comments = with_comments
        self.kept = dict(initial or {})
        self.known = {code: one for code, one in (known or {}).items() if code not in self.kept}
        start = {f"q_{code}": value for code, value in self.kept.items()}
        start |= {f"q_{code}": one.value for code, one in self.known.items()}
        start |= {f"c_{code}": text for code, text in (comments or {}).items()}
        super().__init__(data, initial=start, prefix=prefix or None)
        for one in self.questions:
            self.add_field(f"q_{one.code}", field_for(one, strict=strict))
            if with_comments:
                self.add_field(f"c_{one.code}", _comment_on(one))

    def values(self) -> dict[str, Any]:
        """Code of question → value to keep; None where nothing was answered."""
        return {one.code: self.cleaned_data.get(f"q_{one.code}") for one in self.questions}

    def comments(self) -> dict[str, str]:
        if not self.with_comments:
            return {}
        return {one.code: self.cleaned_data.get(f"c_{one.code}", "") for one in self.questions}

    def sections(self) -> list[tuple[str, list[Shown]]]:
        """The questions under the titles of their parts, in order."""
        shown = [self._shown(one) for one in self.questions]
        return [
            (title, list(ones)) for title, ones in groupby(shown, lambda one: one.question.section)
        ]

    def _shown(self, question: Question) -> Shown:
        known = self.known.get(question.code)
        comment = self[f"c_{question.code}"] if self.with_comments else None
        return Shown(question, self[f"q_{question.code}"], known.source if known else "", comment)


def in_words(question: Question, value: Any) -> str:
    """An answer as people read it; "" when there is none."""
    if value is None or value in ("", []):
        return ""
    words: dict[str, Callable[[], str]] = {
        _K.MONEY: lambda: formats.euros(value),
        _K.DATE: lambda: formats.day(date.fromisoformat(value), weekday=False),
        _K.YES_NO: lambda: "Oui" if value else "Non",
        _K.NUMBER: lambda: _figure(value, question.unit),
        _K.CHOICE: lambda: _labels(question, [value]),
        _K.CHOICES: lambda: _labels(question, value),
    }
    return words.get(question.kind, lambda: str(value))()


def _figure(value: int | float, unit: str) -> str:
    text = formats.number(value, 0 if isinstance(value, int) else 2)
    return f"{text}{formats.NBSP}{unit}" if unit else text


def _labels(question: Question, codes: Iterable[str]) -> str:
    labels = dict(choices_of(question))
    return ", ".join(labels.get(code, code) for code in codes)
