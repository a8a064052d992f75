"""Signals, claims and doubles: sent by anybody, decided once, by the right people, and told."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.actions.people import close_account
from preau.accounts.actors import ANONYMOUS, SYSTEM, Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.directory.actions import signalling
from preau.directory.actions.claims import claim, decide_claim
from preau.directory.actions.following import follow_place
from preau.directory.actions.labels import drop_label, set_label
from preau.directory.actions.merging import keep_apart, merge_sheets
from preau.directory.actions.sheets import create_sheet, edit_sheet
from preau.directory.actions.signalling import (
    Said,
    accept_signal,
    refuse_signal,
    remind,
    send_signal,
)
from preau.directory.enums import PairState, SheetState, SignalKind, SignalState
from preau.directory.models import Label, Sheet, SheetChange, SheetDay, SheetPair, Signal
from preau.directory.people import moderators_of
from preau.directory.queries import moderation
from preau.directory.tasks import forget_addresses
from preau.notifications.models import Email, Notification
from preau.places.enums import Publication
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.directory.factories import OfferFactory, SheetFactory, opened
from tests.directory.test_open_now import OFFICE
from tests.places.factories import PlaceFactory
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


def acting(kind=OrganizationKind.COMMUNE, role=MembershipRole.MANAGER, verified=True, **fields):
    """Somebody with a hat, of Grenoble unless told otherwise."""
    organization = OrganizationFactory(kind=kind, verified=verified, **fields)
    membership = MembershipFactory(organization=organization, role=role)
    return Actor(membership.user, membership)


def missing(**more):
    proposed = {"name": "Repair café", "kind": "repair_cafe", "address": "3 rue Neuve"}
    return Said(SignalKind.MISSING, CommuneFactory(), proposed=proposed, **more)


FIELDS = {"name": "Repair café", "kind": "repair_cafe", "address": "3 rue Neuve"}


def test_a_missing_place_accepted_is_shown_and_the_sender_told_then_forgotten():
    mayor = acting()
    signal = send_signal(missing(email="voisin@example.org"), actor=ANONYMOUS)
    assert Notification.objects.get().user == mayor.user
    sheet = accept_signal(signal, actor=mayor, fields=FIELDS | {"commune": CommuneFactory()})
    signal.refresh_from_db()
    assert (sheet.state, signal.state) == (SheetState.PUBLISHED, SignalState.ACCEPTED)
    assert signal.sheet == sheet and signal.sender_email == ""
    letter = Email.objects.get(recipient="voisin@example.org")
    assert "retenu" in letter.subject and sheet.slug in letter.text
    assert [one.cause for one in sheet.changes.all()] == ["signalement"]


def test_a_refusal_has_a_reason_that_the_sender_reads():
    mayor, sender = acting(), UserFactory()
    signal = send_signal(missing(), actor=Actor(sender))
    with pytest.raises(Refusal):
        refuse_signal(signal, "  ", actor=mayor)
    refuse_signal(signal, "Ce lieu est privé.", actor=mayor)
    told = Notification.objects.get(user=sender)
    assert told.body == "Ce lieu est privé."
    assert not Sheet.objects.exists()
    with pytest.raises(Refusal, match="déjà été traité"):
        accept_signal(signal, actor=mayor, fields=FIELDS)


def test_the_database_wants_a_reason_and_a_date():
    signal = send_signal(missing(), actor=ANONYMOUS)
    for wrong in ({"state": "refusee", "decided_at": clock.now()}, {"state": "acceptee"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signal.objects.filter(pk=signal.pk).update(**wrong)


@pytest.mark.parametrize(
    ("kind", "fields", "may"),
    [
        (OrganizationKind.COMMUNE, {}, True),
        (OrganizationKind.DEPARTEMENT, {}, True),
        (OrganizationKind.ASSOCIATION, {}, False),
        (OrganizationKind.COMMUNE, {"verified": False}, False),
        (OrganizationKind.COMMUNE, {"role": MembershipRole.MEMBER}, False),
        (OrganizationKind.COMMUNE, {"role": MembershipRole.CARETAKER}, False),
    ],
)
def test_who_decides_of_a_signal(kind, fields, may):
    actor = acting(kind=kind, **fields)
    signal = send_signal(missing(), actor=ANONYMOUS)
    assert moderation.waiting_signals(actor).exists() == may
    if may:
        refuse_signal(signal, "Non.", actor=actor)
    else:
        with pytest.raises(Forbidden):
            refuse_signal(signal, "Non.", actor=actor)


def test_the_town_beside_decides_nothing_but_the_manager_does():
    beside = CommuneFactory(code="38421", name="Saint-Martin-d’Hères", postcodes=["38400"])
    neighbour, keeper = acting(commune=beside), acting(kind=OrganizationKind.ASSOCIATION)
    sheet = SheetFactory(manager=keeper.organization)
    said = Said(SignalKind.WRONG, sheet.commune, sheet, {"phone": "0476000000"})
    signal = send_signal(said, actor=ANONYMOUS)
    assert moderators_of(sheet.commune, sheet) == [keeper.user]
    assert list(moderation.waiting_signals(neighbour)) == []
    assert list(moderation.waiting_signals(keeper)) == [signal]
    with pytest.raises(Forbidden):
        accept_signal(signal, actor=neighbour)
    accept_signal(signal, actor=keeper, fields=signal.proposed)
    sheet.refresh_from_db()
    assert sheet.phone == "0476000000"


def test_without_anybody_there_the_operator_is_told():
    operator = UserFactory(operator=True)
    send_signal(missing(), actor=ANONYMOUS)
    assert Notification.objects.get().user == operator
    assert moderation.waiting_signals(Actor(operator)).count() == 1


def test_closed_and_double_places():
    mayor = acting()
    closed, one, two = SheetFactory(), SheetFactory(), SheetFactory()
    first = send_signal(Said(SignalKind.CLOSED, closed.commune, closed), actor=ANONYMOUS)
    accept_signal(first, actor=mayor)
    closed.refresh_from_db()
    assert closed.state == SheetState.CLOSED
    said = Said(SignalKind.DUPLICATE, one.commune, one, {"other": two.slug})
    accept_signal(send_signal(said, actor=ANONYMOUS), actor=mayor, keep=two)
    one.refresh_from_db()
    assert (one.state, one.merged_into) == (SheetState.MERGED, two)


def test_signals_without_answer_are_told_once_more():
    mayor = acting()
    signal = send_signal(missing(), actor=ANONYMOUS)
    assert remind() == 0
    Signal.objects.filter(pk=signal.pk).update(created_at=clock.now() - timedelta(days=31))
    assert (remind(), remind()) == (1, 0)
    assert mayor.user.notifications.count() == 2


def test_the_form_asks_first_whether_the_place_is_known(client):
    SheetFactory(name="Repair café de Grenoble", address="3 rue Neuve")
    given = {"name": "Repair café", "kind": "repair_cafe", "commune": "Grenoble"}
    given |= {"address": "3 rue Neuve"}
    page = client.post("/annuaire/signaler/", given)
    assert "N’est-ce pas l’un de ceux-ci" in page.content.decode()
    assert not Signal.objects.exists()
    assert client.post("/annuaire/signaler/", given | {"absent": "1"}).status_code == 302
    assert Signal.objects.get().proposed["address"] == "3 rue Neuve"


def test_nobody_floods_the_inbox(client, settings):
    CommuneFactory()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"signal_place": "2/60m/ip"}
    given = {"kind": "epn", "commune": "Grenoble", "absent": "1"}
    answers = [
        client.post("/annuaire/signaler/", given | {"name": f"Lieu {number}"}).status_code
        for number in range(3)
    ]
    assert answers == [302, 302, 429]
    assert Signal.objects.count() == 2


def test_a_mistake_signalled_on_a_page(client):
    sheet = SheetFactory(phone="0476000000")
    address = f"/annuaire/{sheet.slug}/signaler/"
    assert client.get(address).status_code == 200
    nothing = {"what": "erreur", "name": sheet.name, "address": sheet.address, "phone": sheet.phone}
    assert "Corrigez ce qui est faux" in client.post(address, nothing).content.decode()
    client.post(address, nothing | {"phone": "0476999999", "hours": "lundi 9 h"})
    assert Signal.objects.get().proposed == {"phone": "0476999999", "hours": "lundi 9 h"}


def test_the_inbox_and_its_pages(client):
    mayor = acting()
    sign_in(client, mayor.user, mayor.membership)
    one, two = SheetFactory(name="Mairie"), SheetFactory(name="Mairie annexe")
    wrong = Said(SignalKind.WRONG, one.commune, one, {"phone": "1", "hours": "le lundi"})
    double = Said(SignalKind.DUPLICATE, one.commune, one, {"other": two.slug})
    sent = [send_signal(said, actor=ANONYMOUS) for said in (missing(), wrong, double)]
    pair = SheetPair.objects.create(first=one, second=two, score=0.8, reasons=["même commune"])
    asked = claim(one, "Convention.", actor=acting(kind=OrganizationKind.ASSOCIATION))
    page = client.get("/annuaire/a-traiter/").content.decode()
    assert "3\u00a0signalements" in page and "même commune" in page and "Repair café" in page
    for signal in sent:
        assert client.get(f"/annuaire/a-traiter/signalement/{signal.key}/").status_code == 200
    assert client.get(f"/annuaire/a-traiter/doublon/{pair.pk}/").status_code == 200
    assert client.get(f"/annuaire/a-traiter/demande/{asked.key}/").status_code == 200
    answer = client.post(
        f"/annuaire/a-traiter/signalement/{sent[1].key}/", {"faire": "accepter", "phone": "0476"}
    )
    assert answer.headers["Location"] == f"/annuaire/{one.slug}/horaires/"
    answer = client.post(
        f"/annuaire/a-traiter/signalement/{sent[0].key}/",
        {"faire": "refuser", "reason": ""},
    )
    assert "Ce renseignement est nécessaire" in answer.content.decode()
    client.post(f"/annuaire/a-traiter/doublon/{pair.pk}/", {"faire": "separer"})
    pair.refresh_from_db()
    assert pair.state == PairState.DISTINCT
    client.post(f"/annuaire/a-traiter/demande/{asked.key}/", {"faire": "accepter"})
    one.refresh_from_db()
    assert one.manager == asked.organization


def test_the_home_page_counts_what_waits(client):
    mayor = acting()
    send_signal(missing(), actor=ANONYMOUS)
    sign_in(client, mayor.user, mayor.membership)
    assert moderation.counted(mayor) == 1
    assert "Annuaire : 1" in client.get("/").content.decode()


def test_a_claim_is_decided_by_the_territory_not_by_the_keeper():
    keeper, asker = acting(kind=OrganizationKind.COMPANY), acting(kind=OrganizationKind.ASSOCIATION)
    sheet, mayor = SheetFactory(manager=keeper.organization), acting()
    asked = claim(sheet, "Bail depuis 2024.", actor=asker)
    with pytest.raises(Refusal, match="déjà demandé"):
        claim(sheet, "Bail.", actor=asker)
    with pytest.raises(Forbidden):
        decide_claim(asked, accept=False, reason="Non.", actor=keeper)
    decide_claim(asked, accept=True, actor=mayor)
    sheet.refresh_from_db()
    assert sheet.manager == asker.organization
    with pytest.raises(Refusal, match="déjà répondu"):
        decide_claim(asked, accept=True, actor=mayor)
    with pytest.raises(Refusal, match="vérifiée"):
        claim(sheet, "Bail.", actor=acting(kind=OrganizationKind.ASSOCIATION, verified=False))


def test_merging_moves_everything():
    mayor = acting()
    kept, gone = SheetFactory(phone=""), opened(*OFFICE, phone="0476000000")
    OfferFactory(sheet=kept, name="Impressions")
    OfferFactory(sheet=gone, name="impressions")
    OfferFactory(sheet=gone, name="Scanner")
    gone.references.create(source="liste", external_id="1")
    set_label(gone, source="charte:1", words="Charte", since=date(2026, 1, 1))
    signal = send_signal(Said(SignalKind.WRONG, gone.commune, gone), actor=ANONYMOUS)
    merge_sheets(kept, gone, actor=mayor)
    kept.refresh_from_db()
    assert sorted(kept.services.values_list("name", flat=True)) == ["Impressions", "Scanner"]
    assert kept.references.count() == kept.labels.count() == 1
    assert kept.hours.count() == 2 and SheetDay.objects.filter(sheet=kept).exists()
    assert not SheetDay.objects.filter(sheet=gone).exists()
    assert kept.phone == "0476000000" and "scanner" in kept.search_key
    signal.refresh_from_db()
    assert signal.sheet == kept
    with pytest.raises(Refusal, match="déjà réunie"):
        merge_sheets(kept, gone, actor=mayor)
    with pytest.raises(Refusal):
        merge_sheets(kept, kept, actor=mayor)


def test_what_is_booked_keeps_its_page():
    sheet = follow_place(PlaceFactory())
    other = SheetFactory()
    assert merge_sheets(other, sheet, actor=SYSTEM) == sheet
    second = follow_place(PlaceFactory())
    with pytest.raises(Refusal, match="réservent"):
        merge_sheets(sheet, second, actor=SYSTEM)


def test_two_places_apart_are_not_asked_again():
    commune = CommuneFactory()
    fields = {"kind": "epn", "commune": commune, "latitude": 45.18, "longitude": 5.72}
    one = create_sheet(fields | {"name": "Espace numérique du Lac"}, actor=SYSTEM)
    two = create_sheet(fields | {"name": "Espace numérique du lac"}, actor=SYSTEM)
    pair = SheetPair.objects.get()
    assert (pair.first, pair.second) == (one, two) and "même nom" in pair.reasons
    keep_apart(pair, actor=SYSTEM)
    edit_sheet(two, {"phone": "0476000000"}, actor=SYSTEM)
    assert SheetPair.objects.get().state == PairState.DISTINCT
    with pytest.raises(Refusal):
        keep_apart(pair, actor=SYSTEM)


def test_every_published_place_has_its_sheet():
    place = PlaceFactory(name="Salle Olympe", kind="gymnase")
    sheet = follow_place(place)
    assert (sheet.name, sheet.main_profile, sheet.manager) == (place.name, "creation", place.owner)
    place.name = "Salle Olympe-de-Gouges"
    follow_place(place)
    sheet.refresh_from_db()
    assert sheet.name == "Salle Olympe-de-Gouges"
    for publication, state in (
        (Publication.ARCHIVED, SheetState.CLOSED),
        (Publication.PUBLISHED, SheetState.PUBLISHED),
        (Publication.DRAFT, SheetState.PROPOSED),
    ):
        place.publication = publication
        assert follow_place(place).state == state
    assert follow_place(PlaceFactory(publication=Publication.DRAFT)) is None


def test_the_history_only_grows():
    sheet = SheetFactory()
    edit_sheet(sheet, {"phone": "1"}, actor=Actor(UserFactory(operator=True)))
    change = SheetChange.objects.get()
    for forbidden in (
        lambda: SheetChange.objects.update(fields={}),
        lambda: SheetChange.objects.filter(pk=change.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            forbidden()
    SheetChange.objects.update(actor_user=None)  # a person may leave
    assert SheetChange.objects.get().actor_user is None


def test_labels_are_given_and_taken_away():
    sheet = SheetFactory()
    for words in ("Charte", "Charte 2027"):
        set_label(sheet, source="charte:1", words=words, since=date(2026, 1, 1))
    assert Label.objects.get().words == "Charte 2027"
    drop_label(source="charte:1")
    drop_label(source="charte:1")
    assert not Label.objects.exists()


def test_strange_fields_are_refused():
    with pytest.raises(TypeError):
        edit_sheet(SheetFactory(), {"state": "publiee"}, actor=SYSTEM)
    with pytest.raises(Refusal):
        create_sheet({"name": "x", "kind": "epn"}, actor=SYSTEM)
    with pytest.raises(Refusal):
        create_sheet({"name": "", "kind": "epn", "commune": CommuneFactory()}, actor=SYSTEM)


def test_both_sheets_must_be_ones_own_to_keep_them_apart():
    here, away = CommuneFactory(code="38185"), CommuneFactory(code="38421", name="Vif")
    ours, theirs = SheetFactory(commune=here), SheetFactory(commune=away)
    pair, _ = SheetPair.objects.get_or_create(
        first=ours, second=theirs, defaults={"score": 0.9, "reasons": []}
    )
    with pytest.raises(Forbidden):
        keep_apart(pair, actor=acting(commune=here))
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN
    keep_apart(pair, actor=acting(OrganizationKind.DEPARTEMENT, commune=here))


def test_only_one_of_the_two_sheets_is_kept(client):
    mayor = acting()
    first, second, third = SheetFactory(), SheetFactory(), SheetFactory()
    said = Said(SignalKind.DUPLICATE, first.commune, sheet=first, proposed={"other": second.slug})
    signal = send_signal(said, actor=ANONYMOUS)
    with pytest.raises(Refusal, match="l’une des deux"):
        accept_signal(signal, actor=mayor, keep=third)
    sign_in(client, mayor.user, mayor.membership)
    address = f"/annuaire/a-traiter/signalement/{signal.key}/"
    client.post(address, {"faire": "accepter", "garder": third.slug})
    states = {one: Sheet.objects.get(pk=one.pk).state for one in (first, second, third)}
    assert states[third] == states[first] == SheetState.PUBLISHED
    assert states[second] == SheetState.MERGED


@pytest.mark.parametrize(("email", "told"), [("voisin@example.org", True), ("", False)])
@pytest.mark.parametrize("verdict", ["accepter", "refuser"])
def test_only_who_left_an_address_is_said_to_be_told(client, email, told, verdict):
    mayor, sheet = acting(), SheetFactory()
    said = Said(SignalKind.CLOSED, sheet.commune, sheet=sheet, email=email)
    signal = send_signal(said, actor=ANONYMOUS)
    sign_in(client, mayor.user, mayor.membership)
    address = f"/annuaire/a-traiter/signalement/{signal.key}/"
    page = client.post(address, {"faire": verdict, "reason": "Toujours ouvert"}, follow=True)
    shown = page.content.decode()
    assert "Le signalement est re" in shown
    assert ("La personne est prévenue." in shown) == told
    assert Email.objects.filter(recipient=email).exists() == told
    assert ("sera prévenue" in Notification.objects.first().body) == told


def test_the_same_words_said_twice_are_one_signal(client):
    first = send_signal(missing(email="voisin@example.org"), actor=ANONYMOUS)
    assert send_signal(missing(email="voisin@example.org"), actor=ANONYMOUS) == first
    assert send_signal(missing(email="voisine@example.org"), actor=ANONYMOUS) != first
    sheet = SheetFactory()
    for _ in range(2):
        page = client.post(f"/annuaire/{sheet.slug}/signaler/", {"what": "ferme", "text": "Fermé"})
        assert page["Location"] == "/annuaire/signaler/merci/"
    assert Signal.objects.filter(sheet=sheet).count() == 1


def test_each_signal_is_reminded_of_once_however_many_wait(monkeypatch):
    monkeypatch.setattr(signalling, "MOST_REMINDED", 2)
    acting()
    for number in range(5):
        send_signal(missing(text=str(number)), actor=ANONYMOUS)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert [remind() for _ in range(4)] == [2, 2, 1, 0]


def test_an_address_left_is_forgotten_a_year_later_or_with_its_account():
    user = UserFactory()
    send_signal(missing(email="voisin@example.org"), actor=ANONYMOUS)
    send_signal(missing(email=user.email.upper()), actor=ANONYMOUS)
    assert forget_addresses(timestamp=0) == 0
    close_account(actor=Actor(user))
    assert list(Signal.objects.values_list("sender_email", flat=True)) == ["voisin@example.org", ""]
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert [forget_addresses(timestamp=0) for _ in range(2)] == [1, 0]
    assert not Signal.objects.exclude(sender_email="").exists()
