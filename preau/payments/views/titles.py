"""What the finance service bills by titles: what waits, and each batch handed to it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import audit
from preau.core.errors import Refusal
from preau.payments import titles as reading
from preau.payments.actions import titles as acts
from preau.payments.models import CollectingOffice, TitleBatch
from preau.payments.views.files import kind_of, table_file
from preau.payments.views.loading import load_office

IN_PAGE = 50


@permission("payments.export", load=load_office)
def titles(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    waiting = reading.waiting(office)
    batches = office.title_batches.select_related("made_by").defer("rows")
    context = {
        "office": office,
        "waiting": waiting[:IN_PAGE],
        "number": len(waiting),
        "cents": sum(row.cents for one in waiting for row in one.rows),
        "page": Paginator(batches, IN_PAGE).get_page(request.GET.get("page")),
        "kinds": [("csv", "CSV"), ("xlsx", "XLSX")],
    }
    return render(request, "payments/titles.html", context)


@permission("payments.export", load=load_office)
@require_POST
def hand_over(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    try:
        batch = acts.hand_over(office, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Le bordereau n° {batch.number} est prêt : téléchargez-le.")
    return redirect("payments:titles", office.pk)


def load_batch(*, title_batch_key: uuid.UUID) -> TitleBatch:
    rows = TitleBatch.objects.select_related("office__organization__commune")
    return get_object_or_404(rows, key=title_batch_key)


@permission("payments.export", load=load_batch)
def title_file(request: HttpRequest, batch: TitleBatch) -> HttpResponse:
    """The batch as a file, the same each time; each time is written down."""
    kind_of(request)  # nothing is written down of a format that is refused
    audit.record(actor_of(request), "titles.downloaded", batch, number=batch.number)
    return table_file(
        request,
        f"a-facturer-{batch.number}",
        str(batch),
        reading.HEADS,
        reading.cells(batch),
        at=batch.made_at,
    )
