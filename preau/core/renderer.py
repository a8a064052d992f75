"""Draws the plain widgets of forms without a template.

A search form has fifty inputs; Django renders three templates for each, the same few characters
every time. What is drawn here is, character for character, what its templates give (tested);
every other widget still goes through them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from dsfr.forms import DsfrDjangoTemplates

_FOLDER = "django/forms/widgets/"
_OPTION = f"{_FOLDER}select_option.html"
_INPUTS = ("input", "text", "number", "email", "url", "tel", "search", "password", "hidden")
_OTHER_INPUTS = ("date", "datetime", "time", "checkbox")


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        + ("" if value is True else f'="{conditional_escape(str(value))}"')
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{conditional_escape(str(value))}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return f'<input type="{kind}" name="{name}"{given}{_attributes(widget["attrs"])}>'


def _select(widget: Mapping[str, Any]) -> str | None:
    """None when an option is not a plain one: of a group, or with markup of its own."""
    lines = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        for option in options:
            label = option["label"]
            plain = option["template_name"] == _OPTION and isinstance(label, str | Promise)
            if group or not plain:
                return None
            value, attrs = conditional_escape(str(option["value"])), _attributes(option["attrs"])
            lines.append(f'  <option value="{value}"{attrs}>{conditional_escape(label)}</option>\n')
    return "\n".join(lines) + "\n</select>"


_DRAWN: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
    **{f"{_FOLDER}{name}.html": _input for name in (*_INPUTS, *_OTHER_INPUTS)},
    f"{_FOLDER}select.html": _select,
}


class Renderer(DsfrDjangoTemplates):  # type: ignore[misc]
    """The renderer of every form of the site."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        draw = _DRAWN.get(template_name)
        drawn = draw(context["widget"]) if draw else None
        if drawn is None:
            drawn = super().render(template_name, context, request)
        return mark_safe(drawn)  # noqa: S308  (every value above is escaped)
