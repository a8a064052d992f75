"""The steps of a deposit: their order, their pages, what each still misses."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse

from preau.core.french import by_name
from preau.projects.enums import QuestionnaireKind, VersionState
from preau.projects.models import Answer, Filing, Programme, Project, QuestionnaireVersion


class Step(TextChoices):
    WHO = "qui", "Qui porte le projet ?"
    WHAT = "projet", "Quel projet, et pourquoi ?"
    WHERE = "ou", "Où ?"
    PROGRAMMES = "programmes", "Programmes de l’État"
    MONEY = "budget", "Budget et calendrier"
    QUESTIONS = "questions", "Questions des programmes"
    CONTACT = "contact", "Qui pouvons-nous joindre ?"
    RECAP = "recapitulatif", "Récapitulatif"


#: What the stepper says: some steps have two pages.
NUMBERS = {
    Step.WHO: 1,
    Step.WHAT: 2,
    Step.WHERE: 3,
    Step.PROGRAMMES: 3,
    Step.MONEY: 4,
    Step.QUESTIONS: 4,
    Step.CONTACT: 5,
    Step.RECAP: 6,
}
_PAGES = {
    Step.WHO: "projects:file_who",
    Step.WHAT: "projects:file_what",
    Step.WHERE: "projects:file_where",
    Step.PROGRAMMES: "projects:file_programmes",
    Step.MONEY: "projects:file_money",
    Step.QUESTIONS: "projects:file_questions",
    Step.CONTACT: "projects:file_contact",
    Step.RECAP: "projects:file_recap",
}
_ORDER = [Step.WHO, Step.WHAT, Step.WHERE, Step.PROGRAMMES, Step.MONEY, Step.QUESTIONS]


def filing_of(project: Project) -> Filing:
    found, _ = Filing.objects.get_or_create(project=project)
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a deposit. `key` is what `Filing.done` remembers of it."""

    key: str
    step: Step
    url: str
    label: str


def key_of(step: Step, programme: Programme | None = None) -> str:
    return f"{step}:{programme.pk}" if programme is not None else str(step)


def page(project: Project, step: Step, programme: Programme | None = None) -> Page:
    more = [programme.slug] if programme is not None else []
    label = programme.name if programme is not None else str(step.label)
    url = reverse(_PAGES[step], args=[project.key, *more])
    return Page(key_of(step, programme), step, url, label)


def version_in_force(programme: Programme) -> QuestionnaireVersion | None:
    """What the programme asks at the deposit today; None when it asks nothing."""
    found = QuestionnaireVersion.objects.filter(
        questionnaire__programme=programme,
        questionnaire__kind=QuestionnaireKind.PROGRAMME,
        questionnaire__active=True,
        state=VersionState.PUBLISHED,
    )
    return found.order_by("pk").first()


def asking(project: Project) -> list[Programme]:
    """The programmes of the project that ask something, in order."""
    return list(
        Programme.objects.filter(
            projects__project=project,
            projects__until=None,
            questionnaires__kind=QuestionnaireKind.PROGRAMME,
            questionnaires__active=True,
            questionnaires__versions__state=VersionState.PUBLISHED,
        )
        .distinct()
        .order_by(*by_name("name"))
    )


def pages(project: Project) -> list[Page]:
    """Every page of this deposit, in order: as many question pages as programmes that ask."""
    found = [page(project, one) for one in _ORDER if one != Step.QUESTIONS]
    found += [page(project, Step.QUESTIONS, one) for one in asking(project)]
    return [*found, page(project, Step.CONTACT), page(project, Step.RECAP)]


def part(pages: list[Page], here: Page) -> str:
    """« page 2 sur 3 » of a step that has several; "" of one that has one."""
    same = [one for one in pages if NUMBERS[one.step] == NUMBERS[here.step]]
    several = len(same) > 1 and here in same
    return f"page {same.index(here) + 1} sur {len(same)}" if several else ""


def after(project: Project, step: Step, programme: Programme | None = None) -> str:
    """The address of the page that follows."""
    here = page(project, step, programme).url
    urls = [one.url for one in pages(project)]
    return urls[urls.index(here) + 1] if here in urls[:-1] else urls[-1]


def before(project: Project, step: Step, programme: Programme | None = None) -> str:
    """The address of the page before; "" on the first."""
    here = page(project, step, programme).url
    urls = [one.url for one in pages(project)]
    rank = urls.index(here) if here in urls else len(urls) - 1
    return urls[rank - 1] if rank else ""


def resume_page(project: Project) -> Page:
    """Where to go on: the first page that was not gone through, or was left half-written."""
    filing = filing_of(project)
    done = set(filing.done) - set(filing.typed)
    left = [one for one in pages(project) if one.key not in done]
    return left[0] if left else page(project, Step.RECAP)


def missing(project: Project) -> list[tuple[Page, str]]:
    """What stands between the draft and its deposit: the page, and what to do there."""
    found: list[tuple[Page, str]] = []

    def say(step: Step, sentence: str, programme: Programme | None = None) -> None:
        found.append((page(project, step, programme), sentence))

    if Step.WHO not in filing_of(project).done:
        say(Step.WHO, "Dites qui porte le projet.")
    if not project.name or not project.purpose:
        say(Step.WHAT, "Donnez un nom au projet et dites pourquoi vous le portez.")
    if project.lead_commune_id is None:
        say(Step.WHERE, "Indiquez au moins une commune.")
    for programme in asking(project):
        version = version_in_force(programme)
        if version is not None and _left(project, version):
            say(
                Step.QUESTIONS,
                f"Répondez aux questions obligatoires : {programme.name}.",
                programme,
            )
    if not project.contact_name or not project.contact_email:
        say(Step.CONTACT, "Dites qui nous pouvons joindre.")
    return found + _half_written(project, {page.key for page, _ in found})


def _half_written(project: Project, said: set[str]) -> list[tuple[Page, str]]:
    typed = filing_of(project).typed
    left = [one for one in pages(project) if one.key in typed and one.key not in said]
    return [(one, f"Relisez ce que vous aviez commencé à écrire : {one.label}") for one in left]


def _left(project: Project, version: QuestionnaireVersion) -> bool:
    """Whether a required question of the version has no answer."""
    given = Answer.objects.filter(
        assessment__project=project,
        assessment__version__questionnaire=version.questionnaire_id,
        value__isnull=False,
    )
    codes = set(given.values_list("question__code", flat=True))
    required = set(version.questions.filter(required=True).values_list("code", flat=True))
    return bool(required - codes)
