"""The list of projects."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import preau.portfolio.perms  # noqa: F401  (declares the matrix)
from preau.accounts.perms import permission
from preau.portfolio.queries import listing
from preau.portfolio.views.asked import Asked


@permission("portfolio.see")
def projects(request: HttpRequest) -> HttpResponse:
    asked, after = Asked(request), request.GET.get("apres", "")
    page, total = listing.asked(asked.filters, asked.actor, after)
    context = asked.context("projects") | {
        "page": page,
        "total": total,
        "later": bool(after),
        "first_url": asked.form.query() or "?",
        "next_url": asked.form.query(apres=page.next) if page.next else "",
    }
    return render(request, "portfolio/list.html", context)
