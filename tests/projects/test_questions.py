"""Questions kept as data: the form they make, what is understood, what is kept."""

import pytest

from preau.accounts.actors import ANONYMOUS, Actor
from preau.core.errors import Forbidden, Refusal
from preau.projects.actions.answers import save_answers, write_answers
from preau.projects.enums import ProjectRole, QuestionKind, QuestionnaireKind
from preau.projects.models import Answer, Assessment, Question, Questionnaire, QuestionnaireVersion
from preau.projects.questions import Known, QuestionForm, in_words
from tests.projects.factories import ProjectFactory, holder, member

pytestmark = pytest.mark.django_db
K = QuestionKind
CHOICES = [{"code": "bois", "label": "Bois"}, {"code": "pierre", "label": "Pierre"}]


def version_with(*questions) -> QuestionnaireVersion:
    questionnaire = Questionnaire.objects.create(
        kind=QuestionnaireKind.ASSESSMENT, title="Bâtiments"
    )
    version = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
    for rank, given in enumerate(questions, 1):
        Question.objects.create(
            version=version, position=rank, **({"label": given["code"].capitalize()} | given)
        )
    return version


def one(kind, **more):
    choices = CHOICES if kind in {K.CHOICE, K.CHOICES} else []
    return version_with({"code": "demande", "kind": kind, "choices": choices, **more})


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "words"),
    [
        (K.TEXT, " Une halle\nvoleuse ", "Une halle voleuse", "Une halle voleuse"),
        (K.LONG, "Deux\nlignes", "Deux\nlignes", "Deux\nlignes"),
        (K.NUMBER, "1 250", 1250, "1 250"),
        (K.NUMBER, "3,5", 3.5, "3,50"),
        (K.NUMBER, "0", 0, "0"),
        (K.MONEY, "25 k€", 2_500_000, "25 000,00 €"),
        (K.MONEY, "12,50", 1250, "12,50 €"),
        (K.DATE, "12/03/2027", "2027-03-12", "12 mars 2027"),
        (K.YES_NO, "oui", True, "Oui"),
        (K.YES_NO, "non", False, "Non"),
        (K.CHOICE, "bois", "bois", "Bois"),
        (K.CHOICES, ["bois", "pierre"], ["bois", "pierre"], "Bois, Pierre"),
    ],
)
def test_what_is_typed_is_understood_and_read_again(kind, typed, kept, words):
    version = one(kind, required=True)
    form = QuestionForm(version, data={"q_demande": typed})
    assert form.is_valid(), form.errors
    assert form.values() == {"demande": kept}
    said = in_words(version.questions.get(), kept)
    assert said.replace("\u00a0", " ").replace("\u202f", " ") == words
    # What is kept comes back into its control, and says the same again.
    again = QuestionForm(version, initial={"demande": kept})["q_demande"].value()
    assert QuestionForm(version, data={"q_demande": again}).is_valid()


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (K.NUMBER, "beaucoup"),
        (K.NUMBER, "NaN"),
        (K.NUMBER, "1e400"),
        (K.MONEY, "-5"),
        (K.MONEY, "cher"),
        (K.DATE, "31/02/2027"),
        (K.YES_NO, "peut-être"),
        (K.CHOICE, "marbre"),
        (K.CHOICES, ["bois", "marbre"]),
        (K.TEXT, "x" * 501),
    ],
)
def test_what_cannot_be_understood_is_said_and_stays_typed(kind, typed):
    form = QuestionForm(one(kind), data={"q_demande": typed})
    assert not form.is_valid()
    assert form["q_demande"].value() == typed


@pytest.mark.parametrize("kind", list(K))
def test_nothing_is_nothing_and_required_is_required(kind):
    free = QuestionForm(one(kind), data={})
    assert free.is_valid() and free.values() == {"demande": None}
    assert not QuestionForm(one(kind, required=True), data={}).is_valid()
    assert QuestionForm(one(kind, required=True), data={}, strict=False).is_valid()


def test_an_answer_changed_keeps_its_past():
    version = one(K.TEXT)
    project = ProjectFactory()
    actor = holder()
    project.holder_organization = actor.organization
    project.save()
    assessment = Assessment.objects.create(project=project, version=version)
    assert save_answers(assessment, {"demande": "Bois"}, actor=actor, source="annuaire") == 1
    assert save_answers(assessment, {"demande": "Bois"}, actor=actor) == 0
    assert save_answers(assessment, {"demande": "Pierre"}, actor=actor) == 1
    answer = Answer.objects.get()
    assert (answer.value, answer.source) == ("Pierre", "")
    [past] = answer.past.all()
    assert (past.value, past.source, past.answered_by) == ("Bois", "annuaire", actor.user)
    assert project.events.count() == 2


def test_what_is_offered_again_keeps_its_source_until_changed():
    version = version_with({"code": "un", "kind": K.TEXT}, {"code": "deux", "kind": K.TEXT})
    known = {code: Known("Bois", "repris du projet P-1") for code in ("un", "deux")}
    form = QuestionForm(version, data={"q_un": "Bois", "q_deux": "Pierre"}, known=known)
    assert form.is_valid()
    assessment = Assessment.objects.create(project=ProjectFactory(), version=version)
    write_answers(assessment, form.values(), actor=ANONYMOUS, known=known)
    kept = dict(assessment.answers.values_list("question__code", "source"))
    assert kept == {"un": "repris du projet P-1", "deux": ""}


def test_who_only_reads_writes_no_answer():
    project = ProjectFactory()
    assessment = Assessment.objects.create(project=project, version=one(K.TEXT))
    for actor in (member(project, ProjectRole.OBSERVER), Actor(), holder()):
        with pytest.raises(Forbidden):
            save_answers(assessment, {"demande": "Bois"}, actor=actor)
    assert not Answer.objects.exists()


def test_a_closed_assessment_is_left_alone():
    from preau.core import clock

    assessment = Assessment.objects.create(
        project=ProjectFactory(), version=one(K.TEXT), closed_at=clock.now()
    )
    with pytest.raises(Refusal):
        write_answers(assessment, {"demande": "Bois"}, actor=ANONYMOUS)
