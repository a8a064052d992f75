"""The end of a deposit, and drafts: later, by link, thrown away; « Mes projets »."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from allauth.core.ratelimit import consume, consume_or_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from preau.accounts.actors import actor_of
from preau.accounts.middleware import wear
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.projects import draft_links, filers, filing_steps
from preau.projects.actions import depositing, drafts, filing
from preau.projects.emails import filing as emails_filing
from preau.projects.enums import Origin, ProjectState
from preau.projects.filers import Filer
from preau.projects.filing_steps import Step
from preau.projects.forms.filing import PHASE_WORDS, LinkForm
from preau.projects.loading import load_project
from preau.projects.models import Answer, Programme, Project
from preau.projects.queries import drafts as reads
from preau.projects.queries.sheet import BADGES
from preau.projects.questions import in_words
from preau.projects.views.filing import filing_page
from preau.resources.enums import Phase, Theme

TOO_MANY = (
    "Plusieurs liens viennent de partir vers cette adresse. Regardez dans votre boîte, puis"
    " réessayez dans une demi-heure."
)


# --- The end


@filing_page
def recap(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:
    """Everything on one page; signing in there, then the deposit."""
    if not project.is_draft:
        return redirect("projects:filed", project.key)
    if request.method == "POST" and by.actor.user is not None:
        try:
            depositing.deposit(project, actor=by.actor)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("projects:file_recap", project.key)
        return redirect("projects:filed", project.key)
    context = {
        "project": project,
        "filing": filing_steps.filing_of(project),
        "page": filing_steps.page(project, Step.RECAP),
        "missing": filing_steps.missing(project),
        "communes": project.communes.select_related("commune__departement"),
        "themes": [Theme(one).label for one in project.themes],
        "phase": PHASE_WORDS[Phase(project.phase)],
        "programmes": project.programmes.filter(until=None).select_related("programme"),
        "answers": _answers(project),
        "back_url": filing_steps.before(project, Step.RECAP),
        "on_behalf": project.origin == Origin.AGENT,
        "offered": reads.structure_for(by, project),
    }
    return render(request, "projects/filing_recap.html", context)


@dataclass(frozen=True, slots=True)
class _Asked:
    programme: Programme
    url: str
    lines: list[tuple[str, str, str]]


def _answers(project: Project) -> list[_Asked]:
    """What each programme asked, in words, with where each answer comes from."""
    found = []
    for programme in filing_steps.asking(project):
        kept = Answer.objects.filter(
            assessment__project=project,
            assessment__version__questionnaire__programme=programme,
        ).select_related("question")
        lines = [
            (one.question.label, words, one.source)
            for one in kept.order_by("question__position")
            if (words := in_words(one.question, one.value))
        ]
        url = filing_steps.page(project, Step.QUESTIONS, programme).url
        found.append(_Asked(programme, url, lines))
    return found


@permission("project.read", load=load_project)
@never_cache
def filed(request: HttpRequest, project: Project) -> HttpResponse:
    """« Ce qui se passe ensuite »: who answers, and before when."""
    if project.is_draft:
        return redirect("projects:draft_resume", project.key)
    context = {
        "project": project,
        "who": emails_filing.who_answers(project),
        "before": emails_filing.before_when(project),
        "on_behalf": project.origin == Origin.AGENT,
        "may_triage": allowed(actor_of(request), "project.triage", project),
    }
    return render(request, "projects/filing_done.html", context)


# --- Later


@filing_page
def resume(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:
    """To the first page not gone through; first, whether the draft is one's own structure's."""
    if not project.is_draft:
        return redirect("projects:filed", project.key)
    offered, page = reads.structure_for(by, project), filing_steps.resume_page(project)
    if offered is None:
        return redirect(page.url)
    if request.method == "POST" and "structure" in request.POST:
        try:
            filing.name_holder(project, offered, by=by)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            wear(request.session, offered)  # the draft is theirs under that hat
            messages.success(request, f"Ce brouillon est au nom de : {offered.organization.name}.")
        return redirect(page.url)
    context = {"project": project, "offered": offered.organization, "page": page}
    return render(request, "projects/filing_structure.html", context)


@filing_page
def later(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:
    """Stop here: a link by e-mail, or « Mes projets » for whoever is signed in."""
    if not project.is_draft:
        return redirect("projects:filed", project.key)
    kept = filing_steps.filing_of(project)
    initial = {"email": kept.resume_email or project.contact_email}
    form = LinkForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if not consume(request, action="draft_link", key=email):
            form.add_error("email", TOO_MANY)
        else:
            drafts.send_link(project, email=email, by=by)
            messages.success(
                request, f"Le lien part à {email}. Il ouvre ce brouillon sur tout appareil."
            )
            return redirect("projects:file_later", project.key)
    context = {"project": project, "form": form, "resume": filing_steps.resume_page(project)}
    return render(request, "projects/filing_later.html", context)


@filing_page
def delete(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:
    """Ask on GET, throw away on POST."""
    if not project.is_draft:
        messages.error(request, "Ce projet est déposé : il n’est plus un brouillon.")
        return redirect("projects:filed", project.key)
    if request.method == "POST":
        drafts.delete(project, by=by)
        messages.success(request, "Le brouillon est supprimé.")
        return redirect("projects:mine" if by.actor.user else "projects:start")
    return render(request, "projects/filing_delete.html", {"project": project})


@permission("project.by_link")
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show that a draft waits; POST opens it in this browser. Nothing of it is shown before."""
    if request.method == "POST" and (limited := consume_or_429(request, action="act_by_link")):
        return limited  # type: ignore[no-any-return]
    try:
        project = draft_links.read(token)
    except draft_links.Expired:
        return render(request, "projects/filing_link_expired.html", _asking(), status=410)
    if project is None:
        return render(request, "projects/filing_link_expired.html", _asking(gone=True), status=404)
    if request.method == "POST":
        if project.is_draft and project.visitor_key:
            filers.remember(request, project.visitor_key)
        elif actor_of(request).is_anonymous:  # somebody signed in with it: it is theirs
            back = reverse("projects:draft_resume", args=[project.key])
            return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
        return redirect("projects:draft_resume", project.key)
    return render(request, "projects/filing_by_link.html", {"project": project})


def _asking(*, gone: bool = False) -> dict[str, object]:
    return {"form": LinkForm(), "gone": gone}


@permission("project.by_link")
@never_cache
def ask_link(request: HttpRequest) -> HttpResponse:
    """A new link, to an address that a draft knows already; the answer says nothing of it."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if consume(request, action="draft_link", key=email):
            drafts.send_links_again(email)
            messages.info(
                request,
                f"Si un brouillon est gardé pour {email}, un lien vient d’y partir. Rien reçu"
                " d’ici dix minutes ? Il est peut-être effacé : commencez un autre dépôt.",
            )
            return redirect("projects:start")
        form.add_error("email", TOO_MANY)
    return render(request, "projects/filing_link_expired.html", {"form": form, "asked": True})


# --- Mine


@permission("project.mine")
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    after = request.GET.get("apres", "")
    found = reads.mine(actor, after=after)
    browser = [one for one in reads.under_way(filers.filer_of(request)) if one.visitor_key]
    context = {
        "projects": [(one, BADGES[ProjectState(one.state)]) for one in found.projects],
        "next_url": f"?{urlencode({'apres': found.more})}" if found.more else "",
        "first_url": reverse("projects:mine") if after else "",
        "browser": [] if after else browser,
    }
    return render(request, "projects/mine.html", context)
