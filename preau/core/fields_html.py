"""How one form field becomes accessible HTML, whatever the form (ours, allauth's…)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

#: What browsers may fill in for the person (WCAG 1.3.5), by field name.
AUTOCOMPLETE = {
    "email": "email",
    "first_name": "given-name",
    "last_name": "family-name",
    "name": "name",
    "phone": "tel",
    "contact_phone": "tel",
    "contact_name": "name",
    "contact_email": "email",
    "organization": "organization",
    "address": "street-address",
    "postcode": "postal-code",
    "city": "address-level2",
    "code": "one-time-code",
}
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class FieldView:
    """A bound field as the template needs it."""

    def __init__(self, bound: BoundField, *, label: str = "", hint: str = "") -> None:
        self.bound = bound
        self.widget = bound.field.widget
        self.label = label or bound.label
        self.id = bound.id_for_label or bound.auto_id
        self.hint = hint or bound.help_text or self._format_hint()
        self.errors = bound.errors if bound.form.is_bound else []

    def _format_hint(self) -> str:
        kind = getattr(self.widget, "input_type", "")
        return {"date": "Format attendu : jj/mm/aaaa", "time": "Par exemple 18:30"}.get(kind, "")

    @property
    def optional(self) -> bool:
        return not self.bound.field.required and self.kind != "checkbox"

    @property
    def is_hidden(self) -> bool:
        return self.bound.is_hidden

    @cached_property
    def kind(self) -> str:
        """`group`, `checkbox`, `file`, `select` or `input`: which markup."""
        if isinstance(self.widget, GROUPS):
            return "group"
        if isinstance(self.widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(self.widget, forms.FileInput):
            return "file"
        return "select" if isinstance(self.widget, forms.Select) else "input"

    @property
    def choice_css(self) -> str:
        return "fr-radio-group" if isinstance(self.widget, forms.RadioSelect) else "fr-checkbox-group"

    @property
    def hint_id(self) -> str:
        return f"{self.bound.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.bound.auto_id}-error"

    @property
    def described_by(self) -> str:
        ids = [self.hint_id] if self.hint else []
        return " ".join([*ids, self.error_id] if self.errors else ids)

    def attributes(self) -> dict[str, Any]:
        given = self.widget.attrs
        css = {"select": "fr-select", "input": "fr-input", "file": "fr-upload"}.get(self.kind, "")
        attributes: dict[str, Any] = {"class": f"{given.get('class', '')} {css}".strip()}
        if self.described_by and self.kind != "group":
            attributes["aria-describedby"] = self.described_by
        if self.errors:
            attributes["aria-invalid"] = "true"
        if "autocomplete" not in given and self.bound.name in AUTOCOMPLETE:
            attributes["autocomplete"] = AUTOCOMPLETE[self.bound.name]
        if not attributes["class"]:
            del attributes["class"]
        return attributes

    def control(self) -> SafeString:
        return self.bound.as_widget(attrs=self.attributes())

    @property
    def choices(self) -> list[Any]:
        """Each radio or check box of a group, with its own label."""
        return list(self.bound.subwidgets)

    @property
    def first_id(self) -> str:
        """Where a link of the error summary lands."""
        if self.kind == "group" and self.choices:
            return str(self.choices[0].id_for_label)
        return self.id


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One error of the summary; `target` is empty for an error of the whole form."""

    target: str
    label: str
    text: str


def summary_of(form: BaseForm) -> list[SummaryLine]:
    if not form.is_bound:
        return []
    lines = [SummaryLine("", "", str(error)) for error in form.non_field_errors()]
    for name in form.errors:
        if name not in form.fields:
            continue
        view = FieldView(form[name])
        target = "" if view.is_hidden else view.first_id
        lines += [SummaryLine(target, str(view.label), str(error)) for error in view.errors]
    return lines
