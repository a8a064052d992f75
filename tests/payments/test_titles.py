"""What is billed by titles: handed over once, given again alike, balanced to the cent."""

import csv
import io
import random
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.models import AuditEvent
from preau.payments import bank_links, titles
from preau.payments.actions import dues, money, trying
from preau.payments.actions import titles as acts
from preau.payments.actions.dues import Line, Payer
from preau.payments.enums import IncidentKind, LineKind, Means, OfficeMode, VatRegime
from preau.payments.models import Due, TitleBatch, TitledLine
from tests.accounts.factories import sign_in
from tests.payments.factories import OfficeFactory, ask, clerk_of, hire, operation, paid

pytestmark = pytest.mark.django_db
WHO = Payer("Mme Roux", email="roux@exemple.fr")


@pytest.fixture
def office():
    return OfficeFactory(mode=OfficeMode.TITRE)


def file_of(batch):
    """As it is downloaded: the bytes, and its rows."""
    return list(titles.cells(TitleBatch.objects.get(pk=batch.pk)))


def amounts(batch):
    return [(row["due"], row["cents"], row["amends"]) for row in batch.rows]


def test_a_sum_is_handed_over_once_and_what_changes_comes_next(office):
    clerk = clerk_of(office)
    due = ask(office, hire(5000), hire(700, "Ménage"), source="test:a")
    first = acts.hand_over(office, actor=clerk)
    assert amounts(first) == [(due.number, 5000, ""), (due.number, 700, "")]
    assert (first.cents, first.made_by) == (5700, clerk.user)
    before = file_of(first)
    with pytest.raises(Refusal):
        acts.hand_over(office, actor=clerk)
    ask(office, hire(4000), hire(700, "Ménage"), source="test:a", payer=Payer("Autre nom"))
    other = ask(office, hire(900))
    second = acts.hand_over(office, actor=clerk)
    assert amounts(second) == [(due.number, -1000, first.number), (other.number, 900, "")]
    dues.drop("test:a", actor=clerk)
    third = acts.hand_over(office, actor=clerk)
    assert sorted(amounts(third)) == [
        (due.number, -4000, second.number), (due.number, -700, second.number),
    ]  # fmt: skip
    assert [one.sequence for one in (first, second, third)] == [1, 2, 3]
    assert file_of(first) == before
    assert sum(one.cents for one in TitleBatch.objects.all()) == 900


def test_what_came_and_went_before_anybody_was_told_says_nothing(office):
    ask(office, hire(5000), source="test:b")
    ask(office, hire(3000), source="test:b")
    ask(office, hire(800), source="test:gone")
    dues.drop("test:gone", actor=clerk_of(office))
    batch = acts.hand_over(office, actor=clerk_of(office))
    assert [row["cents"] for row in batch.rows] == [3000]


def test_what_was_paid_before_is_not_billed(office):
    due, clerk = ask(office, hire(5000), source="test:c"), clerk_of(office)
    money.record_at_counter(due, cents=5000, means=Means.TRANSFER, actor=clerk)
    assert titles.waiting(office) == []
    ask(office, hire(6000), source="test:c")
    [found] = titles.waiting(office)
    assert (found.rows[0].cents, found.rows[0].left) == (6000, 1000)


def test_vat_and_days_are_in_the_file():
    office = OfficeFactory(
        mode=OfficeMode.TITRE, vat_regime=VatRegime.LIABLE, vat_number="FR12213801406",
        vat_rate=2000,
    )  # fmt: skip
    day = date(2027, 3, 12)
    ask(office, Line(LineKind.HIRE, "Salle", 6000), served=(day, day))
    [row] = file_of(acts.hand_over(office, actor=clerk_of(office)))
    said = dict(zip(titles.HEADS, row, strict=True))
    assert (said["TVA (%)"], said["Hors taxe (€)"], said["Montant (€)"]) == (20.0, 50.0, 60.0)
    assert (said["Prestation du"], said["Prestation au"]) == (day, day)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_batches_make_what_is_due(seed, office):
    chance, clerk, sources = random.Random(seed), clerk_of(office), []
    for _ in range(60):
        deed = chance.choice(["ask", "amend", "amend", "drop", "pay", "hand"])
        if deed == "ask" or not sources:
            sources.append(f"test:t{len(sources)}")
            ask(office, hire(chance.randint(1, 9000)), source=sources[-1])
        source = chance.choice(sources)
        due = Due.objects.get(source=source)
        if deed == "amend":
            ask(office, hire(chance.randint(1, 9000)), hire(chance.randint(1, 99), "Eau"),
                source=source, user=due.payer_user)  # fmt: skip
        elif deed == "drop":
            dues.drop(source, actor=clerk)
        elif deed == "pay" and due.left_cents:
            money.record_at_counter(due, cents=due.left_cents, means=Means.TRANSFER, actor=clerk)
        elif deed == "hand" and titles.waiting(office):
            acts.hand_over(office, actor=clerk)
    if titles.waiting(office):
        acts.hand_over(office, actor=clerk)
    for batch in TitleBatch.objects.all():
        told = TitledLine.objects.filter(batch=batch).aggregate(all=Sum("line__cents"))["all"]
        assert batch.cents == told == sum(row["cents"] for row in batch.rows)
    for due in Due.objects.all():
        rows = [r for b in TitleBatch.objects.all() for r in b.rows if r["due"] == due.number]
        assert sum(row["cents"] for row in rows) == (due.total_cents if rows else 0)
        assert rows or due.state != "a_payer"


def test_what_was_handed_is_followed_to_its_end_and_not_paid_online(client, office):
    clerk = clerk_of(office)
    due = ask(office, hire(5000), source="test:m", payer=WHO)
    acts.hand_over(office, actor=clerk)
    office.mode = OfficeMode.TEST
    office.save()
    other, due = ask(office, payer=WHO), Due.objects.get(pk=due.pk)
    ask(office, hire(6000), source="test:m", payer=WHO)
    assert [(one.due, one.rows[0].cents) for one in titles.waiting(office)] == [(due, 1000)]
    with pytest.raises(Refusal, match="service financier"):
        trying.begin(due, email="", actor=SYSTEM)
    assert trying.begin(other, email="", actor=SYSTEM)
    page = client.get(bank_links.due_address(due)).text
    assert "transmise au service financier" in page and "Payer en ligne" not in page
    assert "Reprendre le paiement" in client.get(bank_links.due_address(other)).text


def test_a_sum_already_billed_is_noted_at_the_counter_as_the_accountant_says_it(client, office):
    clerk = clerk_of(office)
    due = ask(office, hire(5000), source="test:n")
    acts.hand_over(office, actor=clerk)
    office.mode = OfficeMode.REGIE
    office.save()
    due = Due.objects.get(pk=due.pk)
    with pytest.raises(Refusal, match="seul le comptable public"):
        money.record_at_counter(due, cents=5000, means=Means.CASH, actor=clerk)
    sign_in(client, clerk.user, clerk.membership)
    page = client.get(reverse("payments:record", args=[due.key]))
    assert [one for one, _ in page.context["form"].fields["means"].choices] == [Means.TRANSFER]
    money.record_at_counter(due, cents=5000, means=Means.TRANSFER, actor=clerk)
    assert not due.incidents.exists()


def test_a_page_paid_after_the_hand_over_is_an_incident_and_never_silent(client, office):
    """Opened at PayFiP by a régie, which then lets the accountant collect."""
    clerk = clerk_of(office)
    due, whole = ask(office, hire(5000)), ask(office, hire(700))
    before = operation(due)
    batch = acts.hand_over(office, actor=clerk)
    money.settle(before, paid(5000))
    money.settle(before, paid(5000))
    [incident] = due.incidents.all()
    assert (incident.kind, incident.refund_cents) == (IncidentKind.BILLED, 0)
    assert batch.number in incident.facts and "50,00" in incident.facts
    sign_in(client, clerk.user, clerk.membership)
    page = client.get(reverse("payments:incident", args=[incident.key])).text
    assert "Une fois le titre annulé ou réduit" in page
    late = operation(whole)
    money.record_at_counter(whole, cents=700, means=Means.TRANSFER, actor=clerk)
    money.settle(late, paid(700))
    [double] = whole.incidents.all()
    assert (double.kind, double.refund_cents) == (IncidentKind.DOUBLE, 700)


def test_a_sum_lessened_then_billed_and_paid_whole_is_told_twice(office):
    """20 € come back to who paid, and the accountant asks for the other 80."""
    due = ask(office, hire(10000), source="test:less")
    before = operation(due)
    due = ask(office, hire(8000), source="test:less", user=due.payer_user)
    acts.hand_over(office, actor=clerk_of(office))
    money.settle(before, paid(10000))
    kinds = due.incidents.values_list("kind", "refund_cents")
    assert set(kinds) == {(IncidentKind.BILLED, 0), (IncidentKind.AMOUNT, 2000)}


def test_what_is_handed_over_is_locked_against_a_payment_of_the_same_moment(office):
    ask(office)
    with CaptureQueriesContext(connection) as seen:
        acts.hand_over(office, actor=clerk_of(office))
    locked = [one["sql"] for one in seen if 'FOR UPDATE OF "payments_due"' in one["sql"]]
    assert len(locked) == 1


def test_only_who_hands_over_is_offered_to(client, office):
    regie = OfficeFactory(organization=office.organization, is_default=False)
    ask(regie)
    assert titles.waiting(regie) == []
    clerk = clerk_of(office)
    sign_in(client, clerk.user, clerk.membership)
    for one, offered in [(office, True), (regie, False)]:
        page = client.get(reverse("payments:office", args=[one.pk])).text
        assert ("À facturer par titre" in page) is offered


def test_the_rows_of_past_batches_are_not_read_again(office):
    ask(office, hire(5000), source="test:r")
    acts.hand_over(office, actor=clerk_of(office))
    ask(office, hire(6000), source="test:r")
    with CaptureQueriesContext(connection) as asked:
        [found] = titles.waiting(office)
        assert found.rows[0].amends
    assert not [one for one in asked if '."rows"' in one["sql"]]


def test_a_batch_is_written_once_and_a_line_is_in_one(office):
    due = ask(office)
    batch = acts.hand_over(office, actor=clerk_of(office))
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        TitleBatch.objects.update(cents=1)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        TitledLine.objects.update(batch=batch)
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
        TitledLine.objects.create(batch=batch, line=due.lines.get())


def test_the_page_lists_makes_and_gives_again(client, office):
    clerk = clerk_of(office)
    sign_in(client, clerk.user, clerk.membership)
    url = reverse("payments:titles", args=[office.pk])
    assert "Rien n’attend" in client.get(url).text
    due = ask(office, hire(5000, "=2+2"), source="test:p")
    page = client.get(url).text
    assert "1\u00a0somme due" in page and "Le premier bordereau reprend tout" in page
    page = client.post(reverse("payments:hand_over_titles", args=[office.pk]), follow=True)
    batch = TitleBatch.objects.get()
    assert f"Le bordereau n° {batch.number} est prêt" in page.text
    assert str(clerk.user) in page.text
    file = reverse("payments:title_file", args=[batch.key])
    assert file in page.text
    ask(office, source="test:q")
    page = client.get(url).text
    assert "1\u00a0somme due" in page and "Le premier bordereau" not in page
    dues.drop("test:q", actor=clerk)
    first = client.get(file).getvalue()
    dues.drop("test:p", actor=clerk)
    assert client.get(file).getvalue() == first
    [row] = csv.DictReader(io.StringIO(first.decode("utf-8-sig")), delimiter=";")
    assert (row["Somme due"], row["Désignation"]) == (due.number, "'=2+2")
    number = AuditEvent.objects.count()
    assert client.get(file, {"format": "pdf"}).status_code == 404
    assert AuditEvent.objects.count() == number
    book = client.get(file, {"format": "xlsx"}).getvalue()
    assert book.startswith(b"PK")
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert client.get(file, {"format": "xlsx"}).getvalue() == book
    verbs = list(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs.count("titles.downloaded") >= 3 and "titles.handed" in verbs
    page = client.post(reverse("payments:hand_over_titles", args=[office.pk]), follow=True)
    client.post(reverse("payments:hand_over_titles", args=[office.pk]))
    assert TitleBatch.objects.count() == 2
