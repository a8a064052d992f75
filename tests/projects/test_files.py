"""Files of a project."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from preau.core.errors import Forbidden, Refusal
from preau.documents import readers
from preau.documents.actions import withdraw
from preau.projects.actions import files
from preau.projects.enums import ProjectRole, Visibility
from tests.accounts.factories import MembershipFactory, sign_in
from tests.documents.factories import document
from tests.documents.pictures import picture
from tests.projects.factories import (
    agent_of,
    assigned,
    holder,
    member,
    pair_of,
    service,
)

pytestmark = pytest.mark.django_db
SECRET = "Note interne du préfet"


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def added(project, actor, title="Plan", **more):
    return files.add(project, picture(), title=title, actor=actor, **more)


def enter(client, actor):
    return sign_in(client, actor.user, actor.membership)


def test_a_file_is_added_read_and_its_reading_kept(client, project, mayor):
    enter(client, mayor)
    page = reverse("projects:file_add", args=[project.key])
    client.post(page, {"title": "Plan de masse", "file": picture()})
    one = project.files.get()
    assert one.document.owner_organization == mayor.organization
    ana = member(project, ProjectRole.OBSERVER)
    enter(client, ana)
    answer = client.get(reverse("projects:file", args=[one.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    [reading] = readers.readings_of(one.document)
    assert reading.why == f"projet {project.reference}"


def test_thirty_megabytes_give_one_sentence_and_lose_nothing(client, project, mayor):
    enter(client, mayor)
    heavy = SimpleUploadedFile("plan.pdf", b"%PDF-" + b"0" * (30 * 1024 * 1024))
    page = reverse("projects:file_add", args=[project.key])
    answer = client.post(page, {"title": "Plan de masse", "file": heavy})
    found = answer.content.decode()
    assert answer.status_code == 200
    assert "pèse plus de 10" in found
    assert 'value="Plan de masse"' in found
    assert not project.files.exists()


def test_internal_ones_reach_the_state_alone(client, project, mayor, agent):
    one = added(project, agent, SECRET, visibility=Visibility.STATE)
    for outsider in (mayor, member(project), member(project, ProjectRole.OBSERVER)):
        enter(client, outsider)
        for name in ("sheet", "files"):
            page = reverse(f"projects:{name}", args=[project.key])
            assert SECRET not in client.get(page).content.decode()
        assert client.get(reverse("projects:file", args=[one.pk])).status_code == 404
        vault = reverse("documents:page", args=[one.document_id])
        assert client.get(vault).status_code == 403
        assert client.get(vault + "telecharger/").status_code == 403
        assert SECRET not in client.get(reverse("documents:vault")).content.decode()
        with pytest.raises(Forbidden):
            files.read(one, actor=outsider)
    enter(client, agent_of(pair_of(project.lead_commune).prefecture))
    assert client.get(reverse("projects:file", args=[one.pk])).status_code == 200


def test_an_internal_file_never_enters_the_vault_of_another_hat(project):
    outside = holder()
    assigned_elsewhere, _ = service(kind="autre")
    MembershipFactory(user=outside.user, organization=assigned_elsewhere.organization)
    assigned(project, assigned_elsewhere, user=outside.user)
    one = added(project, outside, visibility=Visibility.STATE)
    assert one.document.owner_organization is None
    assert one.document.owner_user == outside.user


def test_only_the_state_adds_an_internal_one(project, mayor):
    with pytest.raises(Forbidden):
        added(project, mayor, visibility=Visibility.STATE)


def test_from_ones_vault_and_once(client, project, mayor):
    own = document(owner_organization=mayor.organization)
    other = document(owner_organization=holder().organization)
    enter(client, mayor)
    page = reverse("projects:file_from_vault", args=[project.key])
    client.post(page, {"document": own.pk})
    assert [one.document for one in project.files.all()] == [own]
    with pytest.raises(Refusal, match="déjà"):
        files.take(project, own, actor=mayor)
    with pytest.raises(Forbidden):
        files.take(project, other, actor=mayor)


def test_removed_it_is_read_no_more_and_stays_in_the_vault(client, project, mayor):
    one = added(project, mayor)
    ana = member(project)
    files.remove(one, reason="Périmé", actor=mayor)
    enter(client, ana)
    assert client.get(reverse("projects:file", args=[one.pk])).status_code == 404
    page = reverse("documents:page", args=[one.document_id])
    assert client.get(page + "telecharger/").status_code == 403
    enter(client, mayor)
    assert client.get(page).status_code == 200


def test_replaced_it_keeps_its_place(project, mayor):
    one = files.pin(added(project, mayor), pinned=True, actor=mayor)
    newer = files.replace(one, picture(), actor=mayor)
    assert newer.pinned
    assert [row.pk for row in project.files.filter(removed_at=None)] == [newer.pk]
    lines = project.events.filter(kind="fichier").order_by("pk")
    assert [line.after for line in lines] == ["ajouté", "épinglé", "remplacé"]
    with pytest.raises(Refusal, match="vient d’être retiré"):
        files.replace(one, picture(), actor=mayor)


def test_what_its_owner_withdrew_is_gone_from_the_list(client, project, mayor):

    one = added(project, mayor, "Plan retiré")
    withdraw(one.document, actor=mayor)
    enter(client, mayor)
    page = reverse("projects:files", args=[project.key])
    assert "Plan retiré" not in client.get(page).content.decode()
