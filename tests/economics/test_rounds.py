"""One message to all, commitments, and the end of the round."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.actors import ANONYMOUS
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.economics import queries, round_links
from preau.economics.actions import commitments, rounds
from preau.economics.actions.commitments import WantedCommitment
from preau.economics.actions.rounds import Invitee
from preau.economics.enums import CommitmentState, Origin, RoundState, Side
from preau.economics.merging import settle
from preau.economics.models import Commitment, Invitation, NegotiationRound
from preau.economics.personal_data import of_person
from preau.economics.tasks import look_after_rounds
from preau.notifications.models import Email, Notification
from tests.accounts.factories import OrganizationFactory, UserFactory, sign_in
from tests.economics.conftest import hand_of
from tests.economics.factories import opened_round, round_of

pytestmark = pytest.mark.django_db


def told(actor):
    return list(Notification.objects.filter(user=actor.user).values_list("title", flat=True))


@pytest.fixture
def opened(keeping, caf, of_caf):
    return opened_round(keeping, caf)


def of(round_, name):
    return round_.invitations.get(name=name)


def test_everyone_is_told_at_once_by_account_or_by_letter(keeping, caf, of_caf):
    round_ = round_of(keeping, caf)
    assert not told(of_caf)
    rounds.open_round(round_, actor=keeping)
    assert len(told(of_caf)) == 1
    assert Email.objects.filter(recipient="poste@example.org").count() == 1
    with pytest.raises(Refusal, match="ne change plus"):
        rounds.open_round(round_, actor=keeping)


def test_commitments_add_up_and_the_last_one_closes(opened, caf, of_caf, keeping):
    mine = of(opened, caf.name)
    commitments.commit(mine, WantedCommitment(cents=150_000), actor=of_caf)
    assert queries.promised(opened) == 150_000
    commitments.commit(mine, WantedCommitment(cents=120_000), actor=of_caf)
    assert queries.promised(opened) == 120_000
    owner = of(opened, "SCI des Halles")
    wanted = WantedCommitment(cents=500_000, space="Ancienne poste, le mardi")
    commitments.commit(owner, wanted, actor=ANONYMOUS, by_link=True)
    opened.refresh_from_db()
    assert opened.state == RoundState.OPEN  # what an owner asks covers nothing
    poste = of(opened, "La Poste")
    commitments.commit(poste, WantedCommitment(cents=110_000), actor=ANONYMOUS, by_link=True)
    opened.refresh_from_db()
    assert (opened.state, queries.promised(opened)) == (RoundState.COVERED, 230_000)
    assert any("couvertes" in title for title in told(of_caf))
    assert any("couvertes" in title for title in told(keeping))
    assert Email.objects.filter(recipient="poste@example.org").count() == 2


def test_nothing_is_promised_after_the_close(opened, caf, of_caf):
    mine = of(opened, caf.name)
    commitments.commit(mine, WantedCommitment(cents=230_000), actor=of_caf)
    for verb in (
        lambda: commitments.commit(mine, WantedCommitment(cents=1), actor=of_caf),
        lambda: commitments.withdraw(mine, actor=of_caf),
        lambda: commitments.commit(
            of(opened, "La Poste"), WantedCommitment(cents=1), actor=ANONYMOUS, by_link=True
        ),
    ):
        with pytest.raises(Refusal, match="close"):
            verb()
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.update(cents=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.create(invitation=of(opened, "La Poste"), cents=5)


def test_a_word_taken_back_no_longer_counts(opened, caf, of_caf):
    mine = of(opened, caf.name)
    commitments.commit(mine, WantedCommitment(cents=150_000), actor=of_caf)
    commitments.withdraw(mine, actor=of_caf)
    assert queries.promised(opened) == 0
    with pytest.raises(Refusal, match="Aucun engagement"):
        commitments.withdraw(mine, actor=of_caf)
    commitments.commit(mine, WantedCommitment(cents=10), actor=of_caf)
    assert Commitment.objects.get().state == CommitmentState.ENGAGED


def test_the_date_fails_it_once_after_a_reminder(opened, of_caf, caf):
    assert look_after_rounds(0) == 0
    with clock.frozen(clock.now() + timedelta(days=24)):
        assert look_after_rounds(0) == 1
        assert look_after_rounds(0) == 0
        assert any("quelques jours" in title for title in told(of_caf))
    with clock.frozen(clock.now() + timedelta(days=31)):
        with pytest.raises(Refusal, match="date limite est passée"):
            wanted = WantedCommitment(cents=5)
            commitments.commit(of(opened, caf.name), wanted, actor=of_caf)
        assert look_after_rounds(0) == 1
        opened.refresh_from_db()
        assert opened.state == RoundState.FAILED
        assert look_after_rounds(0) == 0
        assert any("échouée" in title for title in told(of_caf))


def test_a_year_later_addresses_are_erased(opened, keeping):
    link = round_links.page_for(of(opened, "La Poste"))
    rounds.abandon(opened, "Le lieu ferme.", actor=keeping)
    with clock.frozen(clock.now() + timedelta(days=364)):
        assert look_after_rounds(0) == 0
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert look_after_rounds(0) == 1
        assert not Invitation.objects.exclude(email="").exists()
        assert round_links.read(link.split("/")[-2]) is None
        assert look_after_rounds(0) == 0


def test_who_may(opened, caf, keeping, town):
    mine = of(opened, caf.name)
    for actor in (keeping, hand_of(caf, MembershipRole.MEMBER), ANONYMOUS):
        with pytest.raises(Forbidden):
            commitments.commit(mine, WantedCommitment(cents=5), actor=actor)
    member = hand_of(town, MembershipRole.MEMBER)
    with pytest.raises(Forbidden):
        rounds.abandon(opened, "Non", actor=member)
    with pytest.raises(Forbidden):
        round_of(member, caf)


def test_the_same_is_invited_once(opened, caf, keeping):
    with pytest.raises(Refusal, match="déjà invitée"):
        again = Invitee(name="Caf", side=Side.PROVIDER, organization=caf)
        rounds.invite(opened, [again], actor=keeping)
    with pytest.raises(Refusal, match="déjà invitée"):
        again = Invitee(name="Poste", side=Side.PROVIDER, email="POSTE@example.org")
        rounds.invite(opened, [again], actor=keeping)


def test_a_covered_round_prepares_the_sharing(opened, caf, of_caf, keeping):
    wanted = WantedCommitment(
        cents=230_000, sessions=4, session_minutes=180, square_metres=15, half_days=("1:matin",)
    )
    with pytest.raises(Refusal, match="pas couvertes"):
        commitments.prepare_sharing(opened, actor=keeping)
    commitments.commit(of(opened, caf.name), wanted, actor=of_caf)
    allocation = commitments.prepare_sharing(opened, actor=keeping)
    assert allocation.items.get().cents == 12 * 230_000
    line = allocation.providers.get()
    assert (line.organization, line.minutes, line.origin) == (caf, 12 * 720, Origin.COMMITMENT)
    assert len(line.half_days) in {52, 53}  # the Tuesdays of a year
    with pytest.raises(Refusal, match="déjà préparée"):
        commitments.prepare_sharing(opened, actor=keeping)


def test_merged_organisations_of_one_round(opened, caf, keeping):
    other = OrganizationFactory(verified=True)
    again = Invitee(name=other.name, side=Side.PROVIDER, organization=other)
    rounds.invite(opened, [again], actor=keeping)
    settle(other, caf)
    assert of(opened, other.name).organization is None
    assert of(opened, caf.name).organization == caf


# --- Pages


def page(client, url):
    return client.get(url).content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_a_link_shows_on_get_and_answers_on_post(opened, client):
    email = Email.objects.get(recipient="poste@example.org")
    link = re.search(r"/negociations/lien/[^\s\"]+", email.text)[0]
    assert "engagés" in page(client, link)
    assert not Commitment.objects.exists()
    given = {"amount": "1 840,50", "sessions": "4", "session_hours": "3"}
    assert client.post(link, given).status_code == 302
    assert Commitment.objects.get().cents == 184_050
    text = page(client, link)
    assert "1 840,50 € par mois engagés" in text
    assert "Retirer notre engagement" in text
    client.post(link, {"action": "retirer"})
    assert queries.promised(opened) == 0
    assert client.get("/negociations/lien/nimporte/").status_code == 404
    with clock.frozen(clock.now() + timedelta(days=401)):
        assert client.get(link).status_code == 410


def test_others_see_totals_and_only_the_names_that_agreed(opened, caf, of_caf, client):
    poste = of(opened, "La Poste")
    wanted = WantedCommitment(cents=77_700, conditions="Secret")
    commitments.commit(poste, wanted, actor=ANONYMOUS, by_link=True)
    sign_in(client, of_caf.user, of_caf.membership)
    url = of(opened, caf.name).get_absolute_url()
    text = page(client, url)
    assert "777,00 € par mois engagés" in text
    assert "La Poste" not in text
    assert "Secret" not in text
    wanted = WantedCommitment(cents=77_700, show_name=True)
    commitments.commit(poste, wanted, actor=ANONYMOUS, by_link=True)
    assert "La Poste" in page(client, url)


def test_the_coordinator_prepares_invites_and_opens_from_the_pages(keeping, caf, client):
    sign_in(client, keeping.user, keeping.membership)
    day = clock.today() + timedelta(days=30)
    given = {"place": "autre", "place_name": "La Fabrique", "target": "2300", "message": "Venez",
             "deadline": f"{day:%d/%m/%Y}"}  # fmt: skip
    response = client.post("/piloter/negociations/nouvelle/", given)
    round_ = NegotiationRound.objects.get()
    assert response["Location"] == round_.get_absolute_url()
    invite = f"{round_.get_absolute_url()}inviter/"
    wrong = client.post(invite, {"side": "fournisseur", "invitees": f"{caf.siren}\nLa Poste"})
    assert "Ligne 2" in wrong.content.decode()
    assert "La Poste" in wrong.content.decode()
    lines = f"{caf.siren}\nLa Poste ; poste@example.org"
    client.post(invite, {"side": "fournisseur", "invitees": lines})
    assert round_.invitations.count() == 2
    client.post(f"{round_.get_absolute_url()}ouvrir/")
    text = page(client, round_.get_absolute_url())
    assert "0,00 € par mois engagés</strong> sur 2 300,00 €" in text
    assert "Sans engagement" in text


def test_lists_ask_a_constant_number_of_questions(
    keeping, opened, client, django_assert_max_num_queries
):
    sign_in(client, keeping.user, keeping.membership)
    for _ in range(5):
        round_of(keeping)
    with django_assert_max_num_queries(16):
        client.get("/piloter/negociations/")
    with django_assert_max_num_queries(16):
        client.get("/piloter/couts/")
    with django_assert_max_num_queries(20):
        client.get(opened.get_absolute_url())


def test_people_export_what_is_kept_about_them(opened):
    person = UserFactory(email="poste@example.org")
    kept = of_person(person)
    assert [one["lieu"] for one in kept["invitations à des négociations"]] == ["La Fabrique"]
    assert kept["modèles économiques calculés"] == []
