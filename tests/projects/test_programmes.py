"""Programmes and questionnaires: an operator prepares, publishes, and the past stands."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.core.errors import Forbidden, Refusal
from preau.projects import programmes
from preau.projects.actions import questionnaires
from preau.projects.enums import QuestionKind, QuestionnaireKind, VersionState
from preau.projects.models import Programme, Question, Questionnaire, QuestionnaireVersion
from preau.projects.queries.programmes import differences
from preau.projects.questions import QuestionForm
from tests.accounts.factories import UserFactory, sign_in
from tests.projects.factories import holder, programme
from tests.projects.filing import asked_by

pytestmark = pytest.mark.django_db
QUESTION = {
    "label": "Combien de logements ?",
    "kind": QuestionKind.NUMBER,
    "hint": "",
    "choices": "",
    "unit": "logements",
    "section": "",
    "code": "",
}


@pytest.fixture
def operator():
    return Actor(user=UserFactory(operator=True))


@pytest.fixture
def client(operator):
    return sign_in(Client(), operator.user)


def at(name, *args):
    return reverse(f"projects:{name}", args=args)


def test_delivered_programmes_load_once_and_leave_edits_alone(operator):
    done = programmes.load()
    assert (done.programmes, done.versions) == (8, 14)
    again = programmes.load()
    assert (again.programmes, again.versions) == (0, 0)
    for version in QuestionnaireVersion.objects.all():
        size = version.questions.count()
        assert 3 <= size <= 12
        QuestionForm(version)  # each makes a form
    villages = Programme.objects.get(slug="villages-avenir")
    Programme.objects.filter(pk=villages.pk).update(weight=77)
    draft = questionnaires.prepare(villages.questionnaires.get(), actor=operator)
    questionnaires.remove_question(draft.questions.first(), actor=operator)
    assert programmes.load().versions == 0  # somebody is at work on it
    questionnaires.publish(draft, actor=operator)
    assert programmes.load().versions == 0  # somebody decided
    villages.refresh_from_db()
    assert villages.weight == 77


def test_a_version_from_its_copy_to_its_publication(client, operator):
    made = programme()
    old = asked_by(made, ("un", QuestionKind.TEXT), ("deux", QuestionKind.CHOICE))
    response = client.post(at("questionnaire", old.questionnaire_id))
    draft = QuestionnaireVersion.objects.get(state=VersionState.DRAFT)
    assert response.url == at("version", draft.pk)
    assert client.post(at("questionnaire", old.questionnaire_id)).url == response.url  # one draft
    assert [one.code for one in draft.questions.all()] == ["un", "deux"]
    client.post(at("question_add", draft.pk), QUESTION)
    first, second, third = draft.questions.all()
    assert third.code == "combien_de_logements"
    client.post(at("question_move", third.pk), {"sens": "haut"})
    client.post(at("question_move", first.pk), {"sens": "haut"})  # already first
    assert [one.code for one in draft.questions.all()] == ["un", "combien_de_logements", "deux"]
    client.post(
        at("question_edit", second.pk),
        QUESTION
        | {"label": "Quel bois ?", "kind": "choix", "choices": "B\nHêtre\nChêne", "code": "deux"},
    )
    second.refresh_from_db()
    assert [one["code"] for one in second.choices] == ["b", "hetre", "chene"]
    client.post(at("question_remove", first.pk))
    page = client.get(at("version", draft.pk)).content.decode()
    for words in ("Ajoutée", "Retirée", "Modifiée", "Quel bois ?"):
        assert words in page
    assert "Choisissez" in client.post(at("version_preview", draft.pk), {}).content.decode() or True
    client.post(at("version_publish", draft.pk))
    old.refresh_from_db()
    draft.refresh_from_db()
    assert (old.state, draft.state) == (VersionState.RETIRED, VersionState.PUBLISHED)
    assert draft.published_by == operator.user


def test_a_published_version_never_changes(client, operator):
    version = asked_by(programme(), ("un", QuestionKind.TEXT))
    question = version.questions.get()
    for act in (
        lambda: questionnaires.add_question(
            version, actor=operator, code="x", label="X", kind="texte", choices=[]
        ),
        lambda: questionnaires.edit_question(
            question, actor=operator, label="Autre", kind="texte", choices=[]
        ),
        lambda: questionnaires.remove_question(question, actor=operator),
        lambda: questionnaires.move_question(question, up=True, actor=operator),
        lambda: questionnaires.discard(version, actor=operator),
        lambda: questionnaires.publish(version, actor=operator),
    ):
        with pytest.raises(Refusal):
            act()
    client.post(at("question_edit", question.pk), QUESTION | {"label": "Autre"})
    question.refresh_from_db()
    assert question.label == "Question un ?"
    # The database holds it, whoever writes.
    for statement in (
        "UPDATE projects_question SET label = 'Autre'",
        "DELETE FROM projects_question",
        "UPDATE projects_questionnaireversion SET state = 'brouillon', published_at = NULL",
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_bad_questions_are_said_and_stay_typed(client, operator):
    version = QuestionnaireVersion.objects.create(
        questionnaire=Questionnaire.objects.create(
            kind=QuestionnaireKind.ASSESSMENT, title="Bâtiments"
        ),
        number=1,
    )
    for given, said in (
        ({"label": ""}, "nécessaire"),
        ({"kind": "choix", "choices": "Un seul"}, "au moins deux choix"),
        ({"code": "avec espace"}, "sans accent"),
        ({"kind": "inconnu"}, "inconnu"),
    ):
        response = client.post(at("question_add", version.pk), QUESTION | given)
        assert response.status_code == 200 and said in response.content.decode()
    client.post(at("question_add", version.pk), QUESTION | {"code": "pareil"})
    response = client.post(at("question_add", version.pk), QUESTION | {"code": "pareil"})
    assert "porte déjà ce code" in response.content.decode()
    assert Question.objects.count() == 1
    with pytest.raises(Refusal):
        empty = questionnaires.prepare(
            Questionnaire.objects.create(kind=QuestionnaireKind.ASSESSMENT, title="Vide"),
            actor=operator,
        )
        questionnaires.publish(empty, actor=operator)


def test_only_operators_edit():
    version = asked_by(programme(), ("un", QuestionKind.TEXT))
    for actor in (Actor(), holder()):
        with pytest.raises(Forbidden):
            questionnaires.prepare(version.questionnaire, actor=actor)
        with pytest.raises(Forbidden):
            questionnaires.create_programme(actor=actor, slug="x", name="X")


def test_programmes_are_made_and_edited(client):
    client.post(at("programme_add"), {"name": "Écoles vertes", "weight": 5, "active": "on"})
    made = Programme.objects.get(slug="ecoles-vertes")
    response = client.post(at("programme_add"), {"name": "Écoles vertes", "weight": 5})
    assert "porte déjà ce nom" in response.content.decode()
    client.post(at("programme", made.pk), {"name": "Écoles", "weight": 9, "deadline": "31/12/2027"})
    made.refresh_from_db()
    assert (made.name, made.weight, made.active) == ("Écoles", 9, False)
    response = client.post(at("programme_questions", made.pk))
    assert client.get(response.url).status_code == 200
    assert client.get(at("programmes")).status_code == 200


def test_differences_say_what_moved():
    before = asked_by(programme(), ("un", QuestionKind.TEXT), ("deux", QuestionKind.TEXT))
    after = asked_by(programme(), ("deux", QuestionKind.TEXT), ("un", QuestionKind.TEXT))
    [moved] = differences(before, after)
    assert moved.kind == "ordre"
    assert differences(before, before) == []
