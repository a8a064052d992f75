"""How one form field becomes accessible HTML, whatever the form (ours, allauth's…)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
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
NATIVE = {"date", "time", "number"}
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _address(page: str) -> str:
    """Where suggestions come from, when the room that gives them is there."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


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
        marked = getattr(self.bound.form, "mark_optional", True)
        return marked and not self.bound.field.required and self.kind != "checkbox"

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
        several = isinstance(self.widget, forms.CheckboxSelectMultiple)  # a RadioSelect to Django
        return "fr-checkbox-group" if several else "fr-radio-group"

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
        if page := given.get("data-suggest"):
            attributes["data-suggest"] = _address(page) or False  # False: no attribute
        if not attributes["class"]:
            del attributes["class"]
        return attributes

    def control(self) -> SafeString:
        if getattr(self.widget, "input_type", "") in NATIVE and self._is_unreadable():
            self.widget.input_type = "text"  # a native input would drop what was typed
        return self.bound.as_widget(attrs=self.attributes())

    def _is_unreadable(self) -> bool:
        value = self.bound.value()
        return bool(self.errors) and isinstance(value, str) and bool(value)

    def choices(self) -> SafeString:
        """Each radio or check box of a group, with its own label."""
        render, css = self.bound.form.renderer.render, self.choice_css
        return format_html_join(
            "",
            '<div class="{}">{}<label class="fr-label" for="{}">{}</label></div>\n',
            (
                (
                    css,
                    render("django/forms/widgets/input.html", {"widget": one.data}),
                    one.id_for_label,
                    one.choice_label,
                )
                for one in self.bound.subwidgets
            ),
        )

    @property
    def first_id(self) -> str:
        """Where a link of the error summary lands."""
        if self.kind == "group" and self.bound.subwidgets:
            return str(self.bound.subwidgets[0].id_for_label)
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
