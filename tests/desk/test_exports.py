"""Exports: the right rows, in both formats, harmless, journaled, of my places only."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.booking.actions.callers import Caller, book_for_caller
from preau.booking.actions.rules import delegate
from preau.core import clock
from preau.core.models import AuditEvent
from preau.core.tables import writing
from preau.desk import exports
from preau.desk.actions.planning import take_for_own_use
from preau.places.enums import UserCategory
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.booking.factories import bookable_space, details, evening, people
from tests.places.factories import hall_in_thirds

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://mal.example";"clic")'


@pytest.fixture
def here():
    return people(name="Salle Olympe-de-Gouges")


@pytest.fixture
def place(here):
    return here.space.place


@pytest.fixture
def manager(client, here):
    return sign_in(client, here.manager.user, here.manager.membership)


def text(response):
    return response.content.decode()


def taken(manager, what="reservations", kind="csv", **fields):
    today = clock.today()
    data = {"quoi": what, "format": kind, "lieu": "", "du": today.isoformat()}
    data |= {"au": (today + timedelta(days=60)).isoformat()} | fields
    answer = manager.get(reverse("desk:exports"), data)
    assert answer.streaming, text(answer)
    return b"".join(answer.streaming_content)


def rows_of(content):
    text = content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def sheet_of(content):
    return list(load_workbook(BytesIO(content)).active.iter_rows())


def test_bookings_open_in_a_spreadsheet_and_run_nothing(manager, here, place):
    one = here.book(confirmed=True, typed=details(purpose=FORMULA))
    row = rows_of(taken(manager))[0]
    assert row["Objet"] == f"'{FORMULA}"
    assert (row["État"], row["Début"], row["Personnes"]) == ("Confirmée", "18:00", "12")
    assert row["Jour"] == f"{one.period.start.astimezone(place.zone):%d/%m/%Y}"
    heads, cells = sheet_of(taken(manager, kind="xlsx"))
    found = dict(zip([head.value for head in heads], cells, strict=True))
    assert found["Objet"].value == f"'{FORMULA}"
    assert "f" not in {cell.data_type for cell in cells}  # no formula
    assert found["Jour"].value.date() == one.period.start.astimezone(place.zone).date()


@pytest.mark.parametrize(
    "text", ["=1", "+33", "-1", "@x", "\tx", " =1", "\r=1", "\n=1", "\u00a0=1", "＝1"]
)
def test_formulas_are_disarmed_in_both_formats(text):
    assert writing.harmless(text).startswith("'")
    line = list(writing.csv_lines(["A"], [[text]]))[1]
    assert line.lstrip('"').startswith("'")
    sheet = sheet_of(b"".join(writing.xlsx_chunks("A", ["A"], [[text]])))
    assert sheet[1][0].data_type == "s"
    assert sheet[1][0].value.startswith("'")


def test_a_control_character_does_not_break_the_workbook():
    sheet = sheet_of(b"".join(writing.xlsx_chunks("A", ["A"], [["a\x00b\x0bc"]])))
    assert sheet[1][0].value == "a b c"


def test_users_are_counted_callers_too(manager, here):
    here.book(days=10, confirmed=True)
    here.book(days=11)
    caller = Caller("Germaine Petit", "0476111111", UserCategory.RESIDENT)
    book_for_caller(here.space, evening(here.space, days=12), details(), caller, actor=here.manager)
    rows = {row["Nom"]: row for row in rows_of(taken(manager, "usagers"))}
    mine = rows[here.occupant.user.full_name]
    assert (mine["Réservations"], mine["Dates retenues"], mine["Heures"]) == ("2", "1", "2")
    assert mine["Courriel"] == here.occupant.user.email
    assert rows["Germaine Petit"]["Dates retenues"] == "1"


def test_hours_are_those_of_the_space_and_month(manager, here):
    period = here.book(days=10, confirmed=True).period
    here.book(days=11)  # still waiting: takes no hour for good
    take_for_own_use(here.space, evening(here.space, days=12), "Conseil", actor=here.manager)
    rows = rows_of(taken(manager, "occupation"))
    month = f"{period.start.astimezone(here.space.place.zone):%m/%Y}"
    booked = {row["Mois"]: row["Heures réservées"] for row in rows}
    assert booked[month] == "2"
    total = sum(float(row["Heures du propriétaire"].replace(",", ".")) for row in rows)
    assert total == 2
    assert all(row["Taux d’occupation (%)"] for row in rows if row["Heures d’ouverture"] != "0")


def test_a_part_takes_the_time_of_its_hall(manager, place):
    hall = hall_in_thirds(place)
    part = hall.parts.order_by("pk").first()
    owner = MembershipFactory(organization=place.owner, role=MembershipRole.MANAGER)
    take_for_own_use(part, evening(part, days=5), "Judo", actor=_actor(owner))
    rows = [row for row in rows_of(taken(manager, "occupation")) if row["Espace"] == hall.name]
    assert sum(float(row["Heures prises avec un autre espace"]) for row in rows) == 2


def _actor(membership):
    return Actor(user=membership.user, membership=membership)


def test_each_export_is_in_the_journal_without_personal_data(manager, here, place):
    taken(manager, "usagers")
    event = AuditEvent.objects.get(verb="desk.exported")
    assert (event.subject_id, event.user_id) == (str(place.pk), here.manager.user_id)
    assert event.data["what"] == "usagers"
    assert set(event.data) == {"what", "first", "last"}


def test_an_export_costs_the_same_however_long(manager, here):
    here.book(days=10)
    costs = []
    for more in (0, 6):
        for number in range(more):
            here.book(days=11 + number)
        for what in exports.TABLES:
            with CaptureQueriesContext(connection) as queries:
                taken(manager, what)
            costs.append(len(queries))
    assert costs[:3] == costs[3:]


def test_an_export_asks_for_its_days(manager):
    page = text(manager.get(reverse("desk:exports")))
    assert "Télécharger" in page
    wrong = {"quoi": "usagers", "format": "csv", "du": "2026-05-01", "au": "2026-04-01"}
    assert "vient avant" in text(manager.get(reverse("desk:exports"), wrong))
    long = wrong | {"au": "2031-05-01"}
    assert "trois ans au plus" in text(manager.get(reverse("desk:exports"), long))


def test_another_s_place_is_not_there(manager, here):
    stranger = bookable_space().place
    today = clock.today().isoformat()
    asked = {"quoi": "usagers", "format": "csv", "du": today, "au": today, "lieu": stranger.pk}
    answer = manager.get(reverse("desk:exports"), asked)
    assert not answer.streaming
    assert not AuditEvent.objects.filter(verb="desk.exported").exists()
    assert rows_of(taken(manager)) == []


def test_who_may_not_export(client, here, place):
    caretaker = MembershipFactory(organization=place.owner, role=MembershipRole.CARETAKER)
    today = clock.today().isoformat()
    asked = {"quoi": "usagers", "format": "csv", "du": today, "au": today}
    for user, membership in ((caretaker.user, caretaker), (UserFactory(), None)):
        sign_in(client, user, membership)
        answer = client.get(reverse("desk:exports"), asked)
        assert "Aucun lieu à gérer" in text(answer)


def test_who_stands_in_for_somebody_takes_nothing_out(client, here, place):
    deputy, today = UserFactory(), clock.today(place.zone)
    delegate(place, deputy, today, today, actor=here.manager)
    sign_in(client, deputy)
    assert "Aucun lieu à gérer" in text(client.get(reverse("desk:exports")))
