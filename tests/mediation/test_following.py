"""A person's file: sealed, read by one, closed and erased in time."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from preau.accounts.actions import close_account, merge_organizations
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.models import AuditEvent
from preau.mediation.actions import following, leaving
from preau.mediation.enums import FileState
from preau.mediation.models import FollowUpFile
from preau.mediation.tasks import look_after
from preau.notifications.models import Notification
from tests.accounts.factories import OrganizationFactory, UserFactory, sign_in
from tests.mediation.factories import file_of, hand_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(sheet, mediator):
    return file_of(sheet, mediator)


def step(file, actor, **given):
    known = {"day": clock.today(file.sheet.zone), "theme": "droits", "text": "Dossier envoyé"}
    return following.add_step(file, actor=actor, **(known | given))


def test_who_it_is_is_sealed_in_the_database(file):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(f)::text FROM mediation_followupfile AS f")
        stored = cursor.fetchone()[0]
    assert "Madame D." not in stored
    assert "06 00" not in stored
    assert (file.name, file.contact) == ("Madame D.", "06 00 00 00 00")


def test_references_follow_each_other_in_a_structure(sheet, mediator):
    year = clock.today(sheet.zone).year
    made = [file_of(sheet, mediator).reference for _ in range(3)]
    assert made == [f"S-{year}-{n:04d}" for n in (1, 2, 3)]


def test_nobody_else_reads_it(client, file, town, mediator):
    boss = hand_of(town, MembershipRole.ADMINISTRATOR)
    url = f"/mediation/suivis/{file.key}/"
    for actor in (boss, hand_of(OrganizationFactory(verified=True))):
        sign_in(client, actor.user, actor.membership)
        assert client.get(url).status_code == 403
        for verb in (following.close, following.erase):
            with pytest.raises(Forbidden):
                verb(file, actor=actor)
    operator = UserFactory(operator=True)
    sign_in(client, operator)
    assert client.get(url).status_code == 403
    sign_in(client, mediator.user, mediator.membership)
    assert "Madame D." in client.get(url).content.decode()
    assert AuditEvent.objects.filter(verb="mediation.read_file").count() == 1


def test_nothing_of_a_person_is_told_outside_the_file(file, mediator):
    due = clock.today(file.sheet.zone)
    step(file, mediator, text="RSA de Madame D.", next_on=due)
    look_after(0)
    told = " ".join(f"{one.title} {one.body}" for one in Notification.objects.all())
    assert file.reference in told
    assert "Madame" not in told
    assert "RSA" not in told
    kept = " ".join(str(one.__dict__) for one in AuditEvent.objects.all())
    assert "Madame" not in kept


def test_a_colleague_takes_over_and_the_first_reads_no_more(file, mediator, town):
    colleague = hand_of(town)
    with pytest.raises(Refusal, match="même structure"):
        following.hand_over(file, UserFactory(), actor=mediator)
    following.hand_over(file, colleague.user, actor=mediator)
    file.refresh_from_db()
    with pytest.raises(Forbidden):
        step(file, mediator)
    assert step(file, colleague).text


def test_whoever_leaves_the_structure_reads_no_more(client, file, mediator):
    sign_in(client, mediator.user)
    url = f"/mediation/suivis/{file.key}/"
    assert client.get(url).status_code == 200
    assert file.reference in client.get("/mediation/suivis/").content.decode()
    mediator.membership.ended_at = clock.now()
    mediator.membership.save()
    assert client.get(url).status_code == 403
    assert file.reference not in client.get("/mediation/suivis/").content.decode()
    with pytest.raises(Forbidden):
        step(file, mediator)


def test_a_structure_that_was_merged_keeps_its_files(file, town, mediator):
    heir = OrganizationFactory(verified=True, kind=town.kind)
    operator = Actor(UserFactory(operator=True))
    merge_organizations(actor=operator, source=town, target=heir, reason="fusion")
    colleague = hand_of(heir)
    file.refresh_from_db()
    following.hand_over(file, colleague.user, actor=Actor(mediator.user))
    file.refresh_from_db()
    assert step(file, colleague).text


def test_a_structure_merged_twice_keeps_its_files(client, file, town, mediator):
    operator = Actor(UserFactory(operator=True))
    for source, target in zip(
        (town, first := OrganizationFactory(verified=True, kind=town.kind)),
        (first, last := OrganizationFactory(verified=True, kind=town.kind)),
        strict=True,
    ):
        merge_organizations(actor=operator, source=source, target=target, reason="fusion")
    colleague = hand_of(last)
    file.refresh_from_db()
    sign_in(client, mediator.user)
    assert file.reference in client.get("/mediation/suivis/").content.decode()
    following.hand_over(file, colleague.user, actor=Actor(mediator.user))
    file.refresh_from_db()
    assert step(file, colleague).text


# --- Whoever has left


def leave(actor):
    actor.membership.ended_at = clock.now()
    actor.membership.save()


def test_an_administrator_gives_a_left_file_without_reading_it(client, file, mediator, town):
    boss, colleague = hand_of(town, MembershipRole.ADMINISTRATOR), hand_of(town)
    keeper = hand_of(town, MembershipRole.CARETAKER)
    url = f"/mediation/suivis/{file.key}/"
    sign_in(client, boss.user, boss.membership)
    assert client.get(f"{url}reattribuer/").status_code == 403  # its mediator is there
    assert file.reference not in client.get("/mediation/suivis/").content.decode()
    leave(mediator)
    shown = client.get("/mediation/suivis/").content.decode()
    assert file.reference in shown
    assert mediator.user.full_name in shown
    page = client.get(f"{url}reattribuer/").content.decode()
    assert "Madame D." not in shown + page
    assert client.get(url).status_code == 403
    with pytest.raises(Refusal, match="hors gardiennage"):
        leaving.reassign(file, keeper.user, actor=boss)
    client.post(f"{url}reattribuer/", {"to": colleague.user.pk})
    file.refresh_from_db()
    assert file.mediator == colleague.user
    assert client.get(url).status_code == 403
    assert Notification.objects.filter(user=colleague.user).count() == 1
    with pytest.raises(Forbidden):
        leaving.reassign(file, boss.user, actor=boss)
    assert step(file, colleague).text


@pytest.mark.parametrize("role", [MembershipRole.MEMBER, MembershipRole.MANAGER])
def test_only_administrators_give_left_files(client, file, mediator, town, role):
    leave(mediator)
    other = hand_of(town, role)
    sign_in(client, other.user, other.membership)
    assert file.reference not in client.get("/mediation/suivis/").content.decode()
    with pytest.raises(Forbidden):
        leaving.reassign(file, other.user, actor=other)
    with pytest.raises(Forbidden):
        following.erase(file, actor=other)


def test_a_left_file_is_erased_on_request(client, file, mediator, town):
    step(file, mediator)
    following.close(file, actor=mediator)
    leave(mediator)
    boss = hand_of(town, MembershipRole.ADMINISTRATOR)
    sign_in(client, boss.user, boss.membership)
    url = f"/mediation/suivis/{file.key}/effacer/"
    assert "Madame D." not in client.get(url).content.decode()
    client.post(url)
    file.refresh_from_db()
    assert (file.state, file.name) == (FileState.ERASED, "")
    assert not file.steps.exists()


def test_administrators_are_told_once_of_a_departure(file, sheet, mediator, town):
    boss = hand_of(town, MembershipRole.ADMINISTRATOR)
    file_of(sheet, mediator)
    assert look_after(0) == 0
    leave(mediator)
    assert [look_after(0), look_after(0)] == [1, 0]
    told = Notification.objects.get(user=boss.user)
    assert told.title == "2\u00a0dossiers de suivi n’ont plus de médiateur"
    assert file.reference not in told.title + told.body


def test_what_the_night_does_to_a_left_file_is_told_to_administrators(file, mediator, town):
    boss = hand_of(town, MembershipRole.ADMINISTRATOR)
    step(file, mediator, next_on=clock.today(file.sheet.zone))
    leave(mediator)
    with clock.frozen(clock.now() + timedelta(days=182)):
        look_after(0)
    titles = Notification.objects.filter(user=boss.user).values_list("title", flat=True)
    assert any(file.reference in one for one in titles)
    assert not Notification.objects.filter(user=mediator.user).exists()


def test_an_account_closes_once_its_files_are_handed_over(file, mediator, town):
    with pytest.raises(Refusal, match="confiez à un collègue, ou clôturez, votre dossier"):
        close_account(actor=Actor(mediator.user))
    following.hand_over(file, hand_of(town).user, actor=mediator)
    close_account(actor=Actor(mediator.user))


def test_what_one_left_behind_does_not_hold_ones_account(file, mediator):
    leave(mediator)
    close_account(actor=Actor(mediator.user))


def test_a_caretaker_keeps_nobodys_file(client, sheet, town, mediator, file):
    keeper = hand_of(town, MembershipRole.CARETAKER)
    with pytest.raises(Forbidden, match="gardiennage"):
        file_of(sheet, keeper)
    with pytest.raises(Refusal, match="même structure"):
        following.hand_over(file, keeper.user, actor=mediator)
    sign_in(client, keeper.user, keeper.membership)
    assert "Réservé aux médiateurs" in client.get("/mediation/suivis/nouveau/").content.decode()
    assert "Ouvrir un dossier" not in client.get("/mediation/suivis/").content.decode()
    mediator.membership.role = MembershipRole.CARETAKER
    mediator.membership.save()
    with pytest.raises(Forbidden):
        step(file, mediator)


def test_a_form_sent_twice_opens_one_file(sheet, mediator):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, mediator.user, mediator.membership)
    page = client.get("/mediation/suivis/nouveau/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    sent = {"sheet": sheet.pk, "name": "M. T.", "theme": "droits", "consent": "oral"}
    sent |= {"consented_on": "01/01/2026", "told": "on", "csrfmiddlewaretoken": token}
    first, second = (client.post("/mediation/suivis/nouveau/", sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert FollowUpFile.objects.count() == 1


def test_the_end_of_a_mandate_is_told_once(file, mediator):
    today = clock.today(file.sheet.zone)

    def give(days, scope="Carte grise"):
        return following.give_mandate(
            file,
            scope=scope,
            signed_on=today,
            until=today + timedelta(days=days),
            actor=mediator,
        )

    give(13)
    give(15)
    following.revoke_mandate(give(5), actor=mediator)
    assert [look_after(0), look_after(0)] == [1, 0]
    told = Notification.objects.get(user=mediator.user)
    assert "un mandat s’achève le" in told.title
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert [look_after(0), look_after(0)] == [1, 0]


def test_a_mandate_lasts_a_year_at_most(file, mediator):
    today = clock.today(file.sheet.zone)
    with pytest.raises(Refusal, match="un an"):
        following.give_mandate(
            file, scope="Tout", signed_on=today, until=today + timedelta(days=367), actor=mediator
        )
    one = following.give_mandate(
        file, scope="Carte grise", signed_on=today, until=today, actor=mediator
    )
    following.revoke_mandate(one, actor=mediator)
    one.refresh_from_db()
    assert one.revoked_on == today


def test_time_closes_then_erases(file, mediator):
    step(file, mediator)
    with clock.frozen(clock.now() + timedelta(days=180)):
        assert look_after(0) == 0
    with clock.frozen(clock.now() + timedelta(days=182)):
        assert look_after(0) == 1
        file.refresh_from_db()
        assert file.state == FileState.CLOSED
        with pytest.raises(Refusal, match="rien ne s’y ajoute"):
            step(file, mediator)
    with clock.frozen(clock.now() + timedelta(days=182 + 92)):
        assert look_after(0) == 1
        assert look_after(0) == 0
    file.refresh_from_db()
    assert (file.state, file.name, file.contact) == (FileState.ERASED, "", "")
    assert not file.steps.exists()


def test_closing_is_asked_for_twice(client, file, mediator):
    sign_in(client, mediator.user, mediator.membership)
    url = reverse("mediation:close_file", args=[file.key])
    assert "ne se rouvre pas" in client.get(url).content.decode()
    file.refresh_from_db()
    assert file.state == FileState.OPEN
    client.post(url)
    file.refresh_from_db()
    assert file.state == FileState.CLOSED
    assert client.get(url).url == reverse("mediation:file", args=[file.key])


def test_consent_withdrawn_erases_at_once(client, file, mediator):
    step(file, mediator)
    sign_in(client, mediator.user, mediator.membership)
    client.post(f"/mediation/suivis/{file.key}/effacer/")
    file.refresh_from_db()
    assert file.state == FileState.ERASED
    assert client.get(f"/mediation/suivis/{file.key}/").status_code == 404


def test_the_database_refuses_an_erased_file_that_speaks(file):
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpFile.objects.filter(pk=file.pk).update(state="efface", erased_at=clock.now())


def test_no_file_without_a_consent(client, sheet, mediator):
    sign_in(client, mediator.user, mediator.membership)
    sent = {"sheet": sheet.pk, "name": "M. T.", "theme": "droits", "consent": "oral"}
    sent |= {"consented_on": "01/01/2026"}
    page = client.post("/mediation/suivis/nouveau/", sent).content.decode()
    assert "aucun dossier ne s’ouvre" in page
    assert not FollowUpFile.objects.exists()
