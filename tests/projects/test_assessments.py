"""États des lieux: filling in together, editions, newer questions."""

import pytest
from django.urls import reverse

from preau.core.errors import Forbidden, Refusal
from preau.projects.actions import assessments
from preau.projects.enums import (
    ProjectRole,
    ProjectState,
    QuestionKind,
    QuestionnaireKind,
    VersionState,
)
from preau.projects.models import Question, Questionnaire, QuestionnaireVersion
from preau.projects.queries.assessments import compare, offered, progress_of
from tests.accounts.factories import sign_in
from tests.documents.pictures import picture
from tests.projects.factories import ProjectFactory, days_ago, member

pytestmark = pytest.mark.django_db
K = QuestionKind
MODES = [{"code": "velo", "label": "Vélo"}, {"code": "bus", "label": "Bus"}]
ASKED = (("habitants", K.NUMBER, []), ("mode", K.CHOICE, MODES), ("note", K.LONG, []))


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        holder_organization=mayor.organization,
        themes=["mobilites"],
    )


def published(questionnaire=None, asked=ASKED, number=1):
    questionnaire = questionnaire or Questionnaire.objects.create(
        kind=QuestionnaireKind.ASSESSMENT, title="Se déplacer", theme="mobilites"
    )
    version = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=number)
    for position, (code, kind, choices) in enumerate(asked):
        Question.objects.create(
            version=version,
            code=code,
            position=position,
            label=f"Question {code}",
            kind=kind,
            choices=choices,
        )
    questionnaire.versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.RETIRED)
    version.state, version.published_at = VersionState.PUBLISHED, days_ago(0)
    version.save()
    return version


def fill(assessment, actor, values, seen=None, comments=None):
    return assessments.fill(
        assessment,
        values,
        comments or {},
        seen=seen or {},
        seen_comments={},
        actor=actor,
    )


def values_of(assessment):
    return {one.question.code: one.value for one in assessment.answers.select_related("question")}


def test_the_pages_begin_fill_and_finish(client, project, mayor):
    version = published()
    sign_in(client, mayor.user, mayor.membership)
    page = reverse("projects:assessments", args=[project.key])
    assert "Se déplacer" in client.get(page).content.decode()
    answer = client.post(page + "commencer/", {"version": version.pk})
    seen = client.get(answer.url).context["seen"]
    sent = {"q_habitants": "1 250", "q_mode": "velo", "c_mode": "Surtout l’été", "seen": seen}
    page = client.post(answer.url, sent).url
    found = client.get(page).content.decode()
    for words in ("1\u202f250", "Vélo", "Surtout l’été", "67 % rempli", mayor.user.full_name):
        assert words in found, words
    client.post(page + "terminer/")
    assert progress_of(project)[0].is_open is False
    assert client.get(page + "repondre/").status_code == 302


def test_two_people_at_once_lose_nothing(project, mayor):
    ana = member(project)
    made = assessments.begin(project, published(), actor=mayor)
    blank = {"habitants": None, "mode": None, "note": None}
    fill(made, ana, blank | {"note": "D’Ana"}, seen=blank)
    fill(made, mayor, blank | {"habitants": 12}, seen=blank)  # from a page opened before
    assert values_of(made) == {"note": "D’Ana", "habitants": 12}
    fill(made, mayor, blank | {"note": "Du maire"}, seen=blank)
    note = made.answers.get(question__code="note")
    assert note.value == "Du maire"
    assert [(one.value, one.answered_by) for one in note.past.all()] == [("D’Ana", ana.user)]


def test_a_new_edition_starts_from_the_last(project, mayor):
    ana = member(project)
    version = published()
    first = assessments.begin(project, version, actor=mayor)
    assert assessments.begin(project, version, actor=ana).pk == first.pk
    fill(first, ana, {"habitants": 12, "mode": "velo"})
    assessments.finish(first, actor=mayor)
    second = assessments.begin(project, version, actor=mayor)
    assert second.edition == 2
    assert values_of(second) == {"habitants": 12, "mode": "velo"}
    assert {one.answered_by for one in second.answers.all()} == {ana.user}
    fill(second, mayor, {"habitants": 15}, seen={"habitants": 12})
    rows = {row.label: (row.before, row.after, row.changed) for row in compare(first, second)}
    assert rows["Question habitants"] == ("12", "15", True)
    assert rows["Question mode"] == ("Vélo", "Vélo", False)


def test_newer_questions_keep_what_they_still_understand(project, mayor):
    former = published()
    made = assessments.begin(project, former, actor=mayor)
    fill(made, mayor, {"habitants": 12, "mode": "velo", "note": "Oui"})
    newer = published(
        former.questionnaire,
        (("habitants", K.NUMBER, []), ("mode", K.CHOICE, MODES[1:]), ("note", K.MONEY, [])),
        number=2,
    )
    assert progress_of(project)[0].newer == newer
    moved = assessments.begin(project, newer, actor=mayor)
    assert (moved.edition, values_of(moved)) == (1, {"habitants": 12})
    assert "repris de l’édition 1" in moved.answers.get().source
    made.refresh_from_db()
    assert made.closed_at
    former.refresh_from_db()
    with pytest.raises(Refusal, match="plus en vigueur"):
        assessments.begin(project, former, actor=mayor)


def test_those_of_the_projects_themes_come_first(project):
    published(Questionnaire.objects.create(kind="etat_des_lieux", title="A", theme="sport"))
    published()
    assert [one.questionnaire.title for one in offered(project)] == ["Se déplacer", "A"]


def test_a_file_joins_an_answer(client, project, mayor):
    made = assessments.begin(project, published(), actor=mayor)
    sign_in(client, mayor.user, mayor.membership)
    page = reverse("projects:assessment", args=[made.pk])
    client.post(page + "fichier/?question=note", {"title": "Plan joint", "file": picture()})
    assert "Plan joint" in client.get(page).content.decode()
    assert made.answers.get(question__code="note").files.count() == 1


def test_an_observer_reads_and_answers_nothing(client, project, mayor):
    version = published()
    made = assessments.begin(project, version, actor=mayor)
    actor = member(project, ProjectRole.OBSERVER)
    with pytest.raises(Forbidden):
        fill(made, actor, {"habitants": 1})
    sign_in(client, actor.user)
    page = reverse("projects:assessment", args=[made.pk])
    assert client.get(page).status_code == 200
    for verb in ("repondre/", "terminer/", "fichier/"):
        assert client.post(page + verb).status_code == 403
