"""Read-only links: making them, revoking them, reading through them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as fields
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import forms
from preau.core.errors import Refusal
from preau.notifications.emails import absolute
from preau.projects.actions import links as actions
from preau.projects.loading.sheet import load_filed, load_link
from preau.projects.models import Project, ShareLink
from preau.projects.queries.blockages import STANDS
from preau.projects.queries.sheet import identity_of
from preau.projects.queries.steps import lines_of, today_of
from preau.resources.enums import Theme


class LinkForm(forms.Form):
    label = fields.CharField(
        label="Pour qui",
        max_length=120,
        help_text="Pour s’y retrouver : « conseil municipal », « bureau d’études ».",
        error_messages={"required": "Dites pour qui est ce lien."},
    )
    last_day = forms.DateField(label="Valable jusqu’au", help_text="Ce jour inclus, un an au plus.")


@permission("project.share", load=load_filed)
def links(request: HttpRequest, project: Project) -> HttpResponse:
    """The links of the project, and making one: its address is shown this once."""
    initial = {"last_day": today_of(project) + timedelta(days=90)}
    form = LinkForm(request.POST or None, initial=initial)
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, token = actions.create(
                project, zone=project.time_zone, actor=actor_of(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            address = absolute(reverse("projects:by_link", args=[token]))
            form = LinkForm(initial=initial)
    context = {
        "project": project,
        "form": form,
        "address": address,
        "links": project.share_links.select_related("created_by").order_by("-pk")[:100],
        "zone": project.time_zone,
    }
    response = render(request, "projects/links.html", context)
    response["Cache-Control"] = "no-store"
    return response


@permission("project.share", load=load_link)
@require_POST
def revoke(request: HttpRequest, link: ShareLink) -> HttpResponse:
    actions.revoke(link, actor=actor_of(request))
    messages.success(request, f"Le lien « {link.label} » n’ouvre plus rien.")
    return redirect("projects:links", link.project.key)


@permission("project.by_link")
@never_cache
@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet for whoever has the link: no conversation, no file, nobody's address."""
    link = actions.by_token(token)
    if link is None:
        raise Http404("Ce lien n’existe pas.")
    if not link.is_open:
        response = render(request, "projects/by_link_over.html", {"link": link}, status=410)
    else:
        actions.mark_read(link)
        response = render(request, "projects/by_link.html", _shown(link))
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _shown(link: ShareLink) -> dict[str, Any]:
    project = link.project
    blockages = project.blockages.filter(STANDS).order_by("-severity", "pk")
    return {
        "link": link,
        "project": project,
        "identity": identity_of(project),
        "themes": [Theme(theme).label for theme in project.themes],
        "steps": [line for line in lines_of(project) if line.is_open],
        "blockages": blockages[:20],
    }
