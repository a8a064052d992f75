"""Components and French formats, built in to every template (see preau/core/README.md)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from preau.core import clock, formats, icons
from preau.core.fields_html import FieldView, summary_of
from preau.core.navigation import address_of, hub_of

register = template.Library()

BADGE_ICONS = {
    "success": "check",
    "error": "cross",
    "warning": "warning",
    "info": "info",
    "new": "star",
    "waiting": "clock",
    "neutral": "",
}
BUTTON_KINDS = {
    "primary": "fr-btn",
    "secondary": "fr-btn fr-btn--secondary",
    "tertiary": "fr-btn fr-btn--tertiary",
    "link": "fr-btn fr-btn--tertiary-no-outline",
    "danger": "fr-btn fr-btn--secondary pr-btn--danger",
}


# --- Small pieces -------------------------------------------------------------------------------


@register.simple_tag
def ui_icon(name: str) -> SafeString:
    return icons.icon(name)


@register.simple_tag
def ui_badge(kind: str, label: str) -> SafeString:
    """A state: an icon and a word, never a colour alone."""
    name = BADGE_ICONS[kind]
    drawing = icons.icon(name) if name else ""
    return format_html('<span class="pr-badge pr-badge--{}">{}{}</span>', kind, drawing, label)


@register.inclusion_tag("core/ui/alert.html")
def ui_alert(kind: str, title: str, text: str = "", heading: str = "p") -> dict[str, Any]:
    return {"kind": kind, "title": title, "text": text, "heading": heading, "content": ""}


@register.simple_block_tag
def ui_alertbox(content: str, kind: str, title: str, heading: str = "p") -> str:
    context = {"kind": kind, "title": title, "text": "", "content": content, "heading": heading}
    return render_to_string("core/ui/alert.html", context)


@register.inclusion_tag("core/ui/stepper.html")
def ui_stepper(
    current: int, total: int, title: str, next: str = "", part: str = ""
) -> dict[str, Any]:
    """`part` tells the pages of one step apart: « page 2 sur 3 »."""
    return {"current": current, "total": total, "title": title, "next": next, "part": part}


@register.inclusion_tag("core/ui/tag.html")
def ui_tag(label: str, remove: str = "", href: str = "", icon: str = "") -> dict[str, Any]:
    return {"label": label, "remove": remove, "href": href, "icon": icon}


@register.inclusion_tag("core/ui/breadcrumb.html", takes_context=True)
def ui_breadcrumb(context: template.Context, *trail: str) -> dict[str, Any]:
    """`label url label url … current`: the last label stands alone. Home and the hub are added."""
    links = list(zip(trail[:-1:2], trail[1:-1:2], strict=True))
    request = context.get("request")
    hub = hub_of(request) if request is not None else None
    if hub is not None and hub.url not in [url for _, url in links]:
        links.insert(0, (hub.label, hub.url))
    return {"links": links, "current": trail[-1]}


@register.inclusion_tag("core/ui/button.html")
def ui_button(
    label: str, href: str = "", kind: str = "primary", icon: str = "", **attributes: Any
) -> dict[str, Any]:
    """A link when there is an `href`, else a submit button; `name`, `value`, `form`… pass on."""
    if not href:
        attributes = {"type": "submit"} | attributes
    attributes = {key.replace("_", "-"): value for key, value in attributes.items()}
    return {
        "label": label,
        "href": href,
        "css": BUTTON_KINDS[kind],
        "icon": icon,
        "attributes": attributes,
    }


@register.inclusion_tag("core/ui/post.html", takes_context=True)
def ui_post(
    context: template.Context,
    label: str,
    action: str,
    kind: str = "secondary",
    icon: str = "",
    **hidden: Any,
) -> dict[str, Any]:
    """One button that posts: other keyword arguments become hidden fields."""
    return {
        "label": label,
        "action": action,
        "css": BUTTON_KINDS[kind],
        "icon": icon,
        "hidden": hidden,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("core/ui/empty.html")
def ui_empty(
    title: str, text: str = "", href: str = "", label: str = "", heading: str = "h2"
) -> dict[str, Any]:
    return {"title": title, "text": text, "href": href, "label": label, "heading": heading}


@register.inclusion_tag("core/ui/pagination.html")
def ui_pagination(
    previous: str = "",
    next: str = "",
    text: str = "",
    label: str = "Pages de la liste",
) -> dict[str, Any]:
    return {"previous": previous, "next": next, "text": text, "label": label}


@register.inclusion_tag("core/ui/fact.html")
def ui_fact(term: str, value: Any, icon: str = "", hint: str = "") -> dict[str, Any]:
    return {"term": term, "value": value, "icon": icon, "hint": hint}


@register.inclusion_tag("core/ui/countdown.html")
def ui_countdown(until: datetime, zone: str, lead: str = "Gardé pour vous") -> dict[str, Any]:
    minutes = -((clock.now() - until) // timedelta(minutes=1))
    left = f"encore {formats.count(minutes, 'minute')}" if minutes > 0 else "délai passé"
    hour = formats.hour(formats.local(until, zone))
    return {"until": until, "clock": hour, "left": left, "lead": lead}


# --- Blocks that wrap content -------------------------------------------------------------------


@register.simple_block_tag
def ui_card(
    content: str,
    title: str,
    href: str = "",
    heading: str = "h3",
    image: str = "",
    alt: str = "",
    css: str = "",
) -> str:
    context = {
        "title": title,
        "href": href,
        "heading": heading,
        "image": image,
        "alt": alt,
        "css": css,
        "content": content,
    }
    return render_to_string("core/ui/card.html", context)


@register.simple_block_tag
def ui_details(content: str, summary: str, open: bool = False) -> SafeString:
    return format_html(
        '<details class="pr-details"{}><summary>{}</summary>'
        '<div class="pr-details__body">{}</div></details>',
        " open" if open else "",
        summary,
        content,
    )


@register.simple_block_tag
def ui_facts(content: str, css: str = "") -> SafeString:
    return format_html('<dl class="pr-facts {}">{}</dl>', css, content)


@register.simple_block_tag
def ui_table(content: str, caption: str, hide_caption: bool = False, css: str = "") -> str:
    context = {"caption": caption, "hide_caption": hide_caption, "css": css, "content": content}
    return render_to_string("core/ui/table.html", context)


@register.simple_block_tag
def ui_fieldset(content: str, legend: str, hint: str = "") -> str:
    context = {"legend": legend, "hint": hint, "content": content}
    return render_to_string("core/ui/fieldset.html", context)


# --- Forms --------------------------------------------------------------------------------------


@register.inclusion_tag("core/ui/form.html", takes_context=True)
def ui_form(
    context: template.Context,
    form: BaseForm,
    submit: str,
    *,
    action: str = "",
    method: str = "post",
    cancel: str = "",
    cancel_label: str = "Annuler",
    kind: str = "primary",
) -> dict[str, Any]:
    """A whole `<form>`: error summary, fields, one button, one way out."""
    return {
        "form": form,
        "fields": [FieldView(form[name]) for name in form.fields],
        "submit": submit,
        "action": action,
        "method": method,
        "cancel": cancel,
        "cancel_label": cancel_label,
        "button_css": BUTTON_KINDS[kind],
        "css": "",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("core/ui/errors.html")
def ui_errors(form: BaseForm) -> dict[str, Any]:
    """The error summary, with links to the fields; nothing when there is no error."""
    return {"errors": summary_of(form)}


@register.inclusion_tag("core/ui/field.html")
def ui_field(field: BoundField, label: str = "", hint: str = "", css: str = "") -> dict[str, Any]:
    return {"f": FieldView(field, label=label, hint=hint), "css": css}


# --- Links that exist only when their room does ---------------------------------------------------


@register.simple_tag
def url_if(name: str, *args: Any, **kwargs: Any) -> str:
    if not args and not kwargs:
        return address_of(name)
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


# --- Filters --------------------------------------------------------------------------------------


def _zone(zone: Any) -> formats.Zone:
    return zone or timezone.get_current_timezone()


def _local_day(value: date | datetime, zone: Any) -> date:
    return formats.local(value, _zone(zone)).date() if isinstance(value, datetime) else value


@register.filter
def jour(value: date | datetime | None, zone: Any = None) -> str:
    return formats.day(_local_day(value, zone)) if value else ""


@register.filter
def jour_court(value: date | datetime | None, zone: Any = None) -> str:
    return formats.day(_local_day(value, zone), year=False) if value else ""


@register.filter
def heure(value: time | datetime | None, zone: Any = None) -> str:
    if value is None:
        return ""
    aware = isinstance(value, datetime) and value.tzinfo is not None
    return formats.hour(formats.local(value, _zone(zone)) if aware else value)  # type: ignore[arg-type]


@register.filter
def moment(value: datetime | None, zone: Any = None) -> str:
    if value is None:
        return ""
    wall = formats.local(value, _zone(zone))
    return f"{formats.day(wall.date())} à {formats.hour(wall)}"


@register.filter
def creneau(value: Any, zone: Any = None) -> str:
    return formats.slot(*formats.bounds(value), _zone(zone)) if value else ""


@register.filter
def heures(value: Any, zone: Any = None) -> str:
    return formats.hours(*formats.bounds(value), _zone(zone)) if value else ""


@register.filter
def duree(value: timedelta | int | None) -> str:
    return formats.duration(value) if value is not None else ""


@register.filter
def euros(value: int | None) -> str:
    return formats.euros(value) if value is not None else ""


@register.filter
def km(value: float | None) -> str:
    return formats.distance(float(value)) if value is not None else ""


@register.filter
def telephone(value: str | None) -> str:
    return formats.telephone(value or "")


@register.filter
def nombre(value: float | None) -> str:
    return formats.number(value) if value is not None else ""


@register.filter
def de(value: Any) -> str:
    """`Réservations {{ organization|de }}`: « du Compost des voisins », « d’Allevard »."""
    return formats.of_name(value)


@register.filter
def compte(value: int, words: str) -> str:
    """`{{ n|compte:"place" }}`, `{{ n|compte:"lieu,lieux" }}`"""
    singular, _, plural = words.partition(",")
    return formats.count(value, singular, plural)
