"""What we draw of a form is what the templates of Django and of the theme give."""

import datetime

import pytest
from django import forms
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from dsfr.forms import DsfrDjangoTemplates

from preau.core import forms as ours
from preau.core.renderer import _DRAWN, Renderer

HOSTILE = "a\"<b>'&amp;é\u00a0"
GROUPS = [("Nord", [("a", "A"), ("b", "B")]), ("c", "C")]
CHOICES = [("", "Tous"), ("a", HOSTILE), (2, lazystr("Deux")), ('"', mark_safe("<i>3</i>"))]
WIDGETS = [
    (forms.TextInput(), HOSTILE),
    (forms.TextInput(attrs={"required": True, "disabled": False, "data-x": HOSTILE}), None),
    (forms.TextInput(attrs={"maxlength": 1000, "x": None}), mark_safe("<b>")),
    (forms.NumberInput(attrs={"min": 0, "step": 0.25}), 1234567.5),
    (forms.NumberInput(), 0),
    (forms.EmailInput(), ""),
    (forms.URLInput(), "https://a.fr/?b=1&c=2"),
    (forms.TelInput(), "04 76"),
    (forms.SearchInput(), "x"),
    (forms.PasswordInput(), "secret"),
    (forms.HiddenInput(), 12),
    (forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), datetime.date(2027, 3, 12)),
    (forms.DateTimeInput(), datetime.datetime(2027, 3, 12, 18, 30)),
    (forms.TimeInput(format="%H:%M"), datetime.time(18, 30)),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(attrs={"class": HOSTILE}), "x"),
    (forms.Select(choices=CHOICES), "a"),
    (forms.Select(attrs={"class": "fr-select", "multiple": True}, choices=CHOICES), 2),
    (forms.Select(choices=GROUPS), "b"),
    (forms.Select(choices=[(1, 1000)]), 1),
    (forms.NullBooleanSelect(), True),
    (forms.SelectMultiple(choices=CHOICES), ["a", "2"]),
    (forms.RadioSelect(choices=CHOICES), "a"),
    (forms.CheckboxSelectMultiple(choices=CHOICES), ["a"]),
    (forms.Textarea(), HOSTILE),
    (forms.ClearableFileInput(), None),
    (forms.MultipleHiddenInput(), ["a", "b"]),
    (forms.SplitDateTimeWidget(), datetime.datetime(2027, 3, 12, 18, 30)),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS, ids=lambda one: type(one).__name__)
def test_each_widget_is_what_its_template_gives(widget, value):
    said = {"id": "id_x", "aria-describedby": HOSTILE}
    drawn = widget.render("x", value, attrs=said, renderer=Renderer())
    assert drawn == widget.render("x", value, attrs=said, renderer=DsfrDjangoTemplates())


def test_the_plain_ones_use_no_template(monkeypatch):
    monkeypatch.setattr(DsfrDjangoTemplates, "get_template", None)
    for widget, value in WIDGETS:
        if widget.template_name in _DRAWN and value not in ("b", 1):
            widget.render("x", value, renderer=Renderer())


def test_a_form_of_ours_is_drawn_so():
    assert isinstance(ours.Form().renderer, Renderer)
