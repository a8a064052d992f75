"""What users say of a programme."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.projects.actions import feedback as actions
from preau.projects.forms.impact import FeedbackForm
from preau.projects.loading.impact import load_programme
from preau.projects.models import Programme
from preau.projects.queries import feedback


@permission("programme.read", load=load_programme)
@require_safe
def read(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The average and of how many; the comments for those who run the programme."""
    actor = actor_of(request)
    context = {
        "programme": programme,
        "opinion": feedback.opinion_of(programme),
        "reads_comments": feedback.reads_comments(actor),
        "step": feedback.STEP,
        "may_give": feedback.project_in(programme, actor) is not None,
    }
    return render(request, "projects/impact_feedback.html", context)


@permission("programme.feedback", load=load_programme)
def give(request: HttpRequest, programme: Programme) -> HttpResponse:
    """For those who carry a project in it; others are told whom it is for."""
    actor = actor_of(request)
    mine = feedback.project_in(programme, actor)
    year = clock.today(ZoneInfo(settings.TIME_ZONE)).year
    known = feedback.given_by(programme, actor, year) if mine else None
    initial = {"mark": known.mark, "comment": known.comment} if known else {}
    form = FeedbackForm(request.POST or None, initial=initial)
    if mine and form.is_bound and form.is_valid():
        try:
            actions.give(programme, actor=actor, **form.cleaned_data)
        except Forbidden:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Merci. Votre avis est enregistré.")
            return redirect("projects:feedback", slug=programme.slug)
    context = {"programme": programme, "form": form, "mine": mine, "known": known}
    return render(request, "projects/impact_feedback_form.html", context)
