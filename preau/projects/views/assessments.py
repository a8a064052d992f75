"""États des lieux of a project."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.projects import perms
from preau.projects.actions import assessments as actions
from preau.projects.actions import files
from preau.projects.enums import VersionState
from preau.projects.forms.files import FileForm
from preau.projects.loading.sheet import load_assessment, load_filed
from preau.projects.models import Assessment, Project, QuestionnaireVersion
from preau.projects.queries import assessments as queries
from preau.projects.questions import QuestionForm
from preau.projects.views.going_on import while_it_goes_on

_SALT = "projects.assessment.seen"


@permission("project.read", load=load_filed)
@require_safe
def assessments(request: HttpRequest, project: Project) -> HttpResponse:
    rows = queries.progress_of(project)
    under_way = {one.assessment.version.questionnaire_id for one in rows if one.is_open}
    may_write = perms.may_work(actor_of(request), "project.contribute", project)
    context = {
        "project": project,
        "rows": rows,
        "may_write": may_write,
        "done_once": {one.assessment.version.questionnaire_id for one in rows},
        "offered": [
            one
            for one in (queries.offered(project) if may_write else [])
            if one.questionnaire_id not in under_way
        ],
        "zone": project.time_zone,
    }
    return render(request, "projects/assessments.html", context)


@permission("project.contribute", load=load_filed)
@while_it_goes_on
@require_POST
def begin(request: HttpRequest, project: Project) -> HttpResponse:
    asked = request.POST.get("version", "")
    found = QuestionnaireVersion.objects.select_related("questionnaire").filter(
        pk=int(asked) if asked.isdecimal() and len(asked) <= 18 else 0
    )
    version = found.exclude(state=VersionState.DRAFT).first()
    if version is None:
        messages.error(request, "Choisissez un questionnaire dans la liste.")
        return redirect("projects:assessments", project.key)
    try:
        made = actions.begin(project, version, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("projects:assessments", project.key)
    return redirect("projects:assessment_fill", made.pk)


@permission("project.read", load=load_assessment)
@require_safe
def assessment(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    project = assessment.project
    actor = actor_of(request)
    mine = [one for one in queries.progress_of(project) if one.assessment.pk == assessment.pk]
    others = project.assessments.filter(
        version__questionnaire=assessment.version.questionnaire_id
    ).exclude(pk=assessment.pk)
    context = {
        "project": project,
        "assessment": assessment,
        "progress": mine[0],
        "sections": queries.answered(assessment, actor),
        "others": others.order_by("-edition", "-pk"),
        "may_write": perms.may_work(actor, "project.contribute", project),
        "zone": project.time_zone,
    }
    return render(request, "projects/assessment.html", context)


@permission("project.contribute", load=load_assessment)
@while_it_goes_on
def fill(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    if assessment.closed_at is not None:
        messages.info(request, "Cet état des lieux est terminé : faites-en un nouveau.")
        return redirect("projects:assessment", assessment.pk)
    kept = {one.question.code: one for one in assessment.answers.select_related("question")}
    values = {code: one.value for code, one in kept.items()}
    comments = {code: one.comment for code, one in kept.items()}
    form = QuestionForm(
        assessment.version,
        values,
        request.POST or None,
        strict=False,
        with_comments=True,
        comments=comments,
    )
    seen = _seen(request, values, comments)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.fill(
                assessment,
                form.values(),
                {code: text.replace("\r\n", "\n") for code, text in form.comments().items()},
                seen=seen["values"],
                seen_comments=seen["comments"],
                actor=actor_of(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = "Vos réponses sont enregistrées." if changed else "Rien n’a changé."
            messages.success(request, said)
            return redirect("projects:assessment", assessment.pk)
    context = {
        "project": assessment.project,
        "assessment": assessment,
        "form": form,
        "seen": signing.dumps(seen, salt=_SALT, compress=True),
    }
    return render(request, "projects/assessment_fill.html", context)


def _seen(
    request: HttpRequest, values: dict[str, Any], comments: dict[str, str]
) -> dict[str, dict[str, Any]]:
    """What the person saw when they began to write."""
    now = {"values": values, "comments": comments}
    if request.method != "POST":
        return now
    try:
        found: dict[str, dict[str, Any]] = signing.loads(request.POST.get("seen", ""), salt=_SALT)
    except signing.BadSignature:
        return now
    return found


@permission("project.contribute", load=load_assessment)
@while_it_goes_on
@require_POST
def finish(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    actions.finish(assessment, actor=actor_of(request))
    messages.success(request, "L’état des lieux est terminé.")
    return redirect("projects:assessment", assessment.pk)


@permission("project.read", load=load_assessment)
@require_safe
def compare(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """This edition beside an earlier or a later one of the same questionnaire."""
    asked = request.GET.get("avec", "")
    found = assessment.project.assessments.select_related("version__questionnaire").filter(
        version__questionnaire=assessment.version.questionnaire_id
    )
    if asked:
        found = found.filter(pk=int(asked) if asked.isdecimal() and len(asked) <= 18 else 0)
    other = found.exclude(pk=assessment.pk).order_by("-edition", "-pk").first()
    if asked and other is None:
        raise Http404("Cet état des lieux n’existe pas.")
    context: dict[str, Any] = {"project": assessment.project, "assessment": assessment}
    if other is None:
        return render(request, "projects/assessment_alone.html", context)
    before, after = sorted((assessment, other), key=lambda one: (one.edition, one.pk))
    context |= {"before": before, "after": after, "rows": queries.compare(before, after)}
    return render(request, "projects/assessment_compare.html", context)


@permission("project.contribute", load=load_assessment)
@while_it_goes_on
def join(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """A file joined to an answer: `question` in the address."""
    code = request.GET.get("question", "")
    actor = actor_of(request)
    question = assessment.version.questions.filter(code=code).first()
    if question is None:
        return redirect("projects:assessment", assessment.pk)
    form = FileForm(
        request.POST or None,
        request.FILES or None,
        state_side=allowed(actor, "project.write_state_side", assessment.project),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        upload = data.pop("file")
        try:
            answer = actions.answer_to_join(assessment, code, actor=actor)
            made = files.add(assessment.project, upload, answer=answer, actor=actor, **data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {made.document.title} » est joint à la réponse.")
            return redirect("projects:assessment", assessment.pk)
    context = {
        "project": assessment.project,
        "assessment": assessment,
        "question": question,
        "form": form,
    }
    return render(request, "projects/assessment_join.html", context)
