"""The holder's answer, from the page or from the letter."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.projects import answer_links
from preau.projects.actions import replies
from preau.projects.answer_links import Opened
from preau.projects.enums import RecommendationState
from preau.projects.forms.help import ANSWERS, ReplyForm
from preau.projects.loading.help import load_recommendation
from preau.projects.models import Recommendation
from preau.projects.queries.recommendations import AWAITING, why_lapsed
from preau.projects.views.recommendations import context_of
from preau.projects.words.help import recommendation_badge
from preau.resources.enums import HelpKind

_R = RecommendationState
_THANKS = "Merci, votre réponse est transmise au service qui vous conseille."


@permission("project.answer", load=load_recommendation)
def answer(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    if recommendation.state == _R.DRAFT:
        raise Http404("Cette recommandation n’existe pas dans ce projet.")
    if request.method != "POST":
        return _to_page(recommendation)
    actor, form = actor_of(request), ReplyForm(request.POST)
    if form.is_valid():
        try:
            replies.answer(recommendation, form.reply(), actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _THANKS)
            return _to_page(recommendation)
    context = context_of(recommendation, actor, form)
    return render(request, "projects/help_recommendation.html", context)


def _to_page(recommendation: Recommendation) -> HttpResponse:
    return redirect("projects:recommendation", recommendation.project.key, recommendation.pk)


@permission("project.by_link")
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show on GET, answer on POST, signed out: for the person the letter was written to.

    Opening it is no proof that it was read (mail programs open links): it dates nothing. Somebody
    signed in who may answer is led to the whole page, as themself.
    """
    if request.method == "POST" and (limited := consume_or_429(request, action="act_by_link")):
        return limited  # type: ignore[no-any-return]
    try:
        opened = answer_links.read(token)
    except answer_links.Expired:
        return render(request, "projects/help_link_expired.html", status=410)
    if opened is None:
        raise Http404("Ce lien ne mène nulle part : il a peut-être été coupé en le copiant.")
    if request.method != "POST" and allowed(
        actor_of(request), "project.answer", opened.recommendation
    ):
        return _to_page(opened.recommendation)
    closed = _not_for(request, opened)
    if closed:
        return render(request, closed, {"opened": opened})
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refused = _answer(opened, form)
        if refused is None:
            return redirect("projects:answer_by_link", token)
        form.refuse(refused)
    return render(request, "projects/help_link.html", _link_context(opened, form))


def _not_for(request: HttpRequest, opened: Opened) -> str:
    """The page that says why nobody answers here: somebody else is signed in, or the person has
    left the project; "" when all is well."""
    user = actor_of(request).user
    if user is not None and user.pk != opened.user.pk:
        return "projects/help_link_other.html"
    return "" if opened.may_answer else "projects/help_link_closed.html"


def _answer(opened: Opened, form: ReplyForm) -> Refusal | None:
    """Write it, unless an answer is there already: changing it asks to sign in."""
    if not _is_open(opened.recommendation):
        return None  # pressed twice, or an old letter: the page shows the answer given
    try:
        replies.answer(opened.recommendation, form.reply(by_link=True), actor=opened.actor)
    except Refusal as refusal:
        return refusal
    return None


def _is_open(recommendation: Recommendation) -> bool:
    return recommendation.state in AWAITING and recommendation.answered_at is None


def _link_context(opened: Opened, form: ReplyForm) -> dict[str, object]:
    recommendation = opened.recommendation
    together = Recommendation.objects.filter(
        project=recommendation.project_id, sent_at=recommendation.sent_at
    ).exclude(pk=recommendation.pk)
    last = recommendation.answers.select_related("user").order_by("-id").first()
    return {
        "recommendation": recommendation,
        "project": recommendation.project,
        "badge": recommendation_badge(recommendation),
        "kind": HelpKind(recommendation.kind).label,
        "zone": recommendation.project.time_zone,
        "person": opened.user,
        "is_open": _is_open(recommendation),
        "last": last,
        "lapsed_because": why_lapsed(recommendation),
        "form": form,
        "answers": ANSWERS,
        "others": [
            (one, answer_links.page_for(one, opened.user)) for one in together.order_by("id")
        ],
    }
