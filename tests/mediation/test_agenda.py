"""The agenda and the register of trainings."""

import html
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.timeranges import local_instant
from preau.directory.models import Sheet
from preau.mediation.actions import agenda, trainings
from preau.mediation.enums import EventState
from preau.mediation.models import PlaceEvent
from preau.mediation.tasks import look_after
from preau.notifications.models import Notification
from preau.territories.models import Commune
from tests.accounts.factories import OrganizationFactory, UserFactory, sign_in
from tests.mediation.factories import event, hand_of

pytestmark = pytest.mark.django_db


def test_weekly_keeps_the_hour_on_the_wall_across_the_change(sheet, mediator):
    with clock.frozen(clock.now().replace(year=2027, month=10, day=1)):
        made = event(sheet, mediator, day=date(2027, 10, 18), weekly_until=date(2027, 11, 8))
    hours = {one.starts_at.astimezone(sheet.zone).hour for one in made}
    assert (len(made), hours) == (4, {18})
    assert len({one.starts_at.hour for one in made}) == 2  # UTC did change


def test_a_draft_is_shown_to_those_who_write_it(client, sheet, mediator):
    one = event(sheet, mediator, announce=False)[0]
    assert client.get(one.get_absolute_url()).status_code == 404
    assert one.title not in client.get(f"/agenda/lieux/{sheet.slug}/").content.decode()
    sign_in(client, mediator.user, mediator.membership)
    assert client.get(one.get_absolute_url()).status_code == 200
    agenda.announce(one, actor=mediator)
    client.logout()
    assert client.get(one.get_absolute_url()).status_code == 200
    assert one.title in client.get("/agenda/?ou=Grenoble").content.decode()
    assert one.title in client.get(f"/annuaire/{sheet.slug}/").content.decode()


def test_cancelling_says_why_and_may_take_what_follows(client, sheet, mediator):
    day = clock.today(sheet.zone) + timedelta(days=3)
    made = event(sheet, mediator, day=day, weekly_until=day + timedelta(weeks=3))
    with pytest.raises(Refusal, match="Dites pourquoi"):
        agenda.cancel(made[1], " ", following=True, actor=mediator)
    agenda.cancel(made[1], "Travaux", following=True, actor=mediator)
    states = list(PlaceEvent.objects.order_by("starts_at").values_list("state", flat=True))
    assert states == [EventState.PUBLISHED, *[EventState.CANCELLED] * 3]
    page = client.get(made[2].get_absolute_url()).content.decode()
    assert "Travaux" in page
    with pytest.raises(Refusal, match="passé ou annulé"):
        agenda.cancel(made[2], "Encore", following=False, actor=mediator)


def test_cancelling_a_draft_takes_it_and_what_follows(sheet, mediator):
    day = clock.today(sheet.zone) + timedelta(days=3)
    made = event(sheet, mediator, day=day, weekly_until=day + timedelta(weeks=2), announce=False)
    agenda.announce(made[1], actor=mediator)
    agenda.cancel(made[0], "Travaux", following=True, actor=mediator)
    assert set(PlaceEvent.objects.values_list("state", flat=True)) == {EventState.CANCELLED}


def test_a_draft_is_not_said_to_be_announced(client, sheet, mediator):
    sign_in(client, mediator.user, mediator.membership)
    day = clock.today(sheet.zone) + timedelta(days=3)
    sent = {"kind": "atelier", "title": "Vélo", "day": f"{day:%d/%m/%Y}"}
    sent |= {"start": "18:00", "end": "20:00"}
    url = f"/mediation/lieux/{sheet.key}/agenda/ajouter/"
    page = client.post(url, sent, follow=True).content.decode()
    assert "Le brouillon est enregistré" in page
    assert "C’est dans l’agenda" not in page


def test_the_soonest_are_read_before_anything_is_typed(client, sheet, mediator):
    day = clock.today(sheet.zone) + timedelta(days=2)
    event(sheet, mediator, day=day, weekly_until=day + timedelta(weeks=34), title="Semaine")
    event(sheet, mediator, day=day + timedelta(days=1), title="Le lendemain")
    page = client.get("/agenda/").content.decode()
    assert page.index("Semaine") < page.index("Le lendemain")
    assert page.count("Semaine</a>") == 29
    follows = html.unescape(re.search(r'href="(\?apres=[^"]+)"', page)[1])
    page = client.get(f"/agenda/{follows}").content.decode()
    assert page.count("Semaine</a>") == 6
    assert "Le lendemain" not in page
    assert "apres=" not in page
    assert client.get("/agenda/?apres=hier_²").status_code == 200


def test_an_evening_past_midnight_is_shown_until_it_ends(client, sheet, mediator):
    day = clock.today(sheet.zone) + timedelta(days=3)
    event(sheet, mediator, day=day, start_minute=20 * 60, end_minute=26 * 60)
    for minute, shown in ((25 * 60, True), (26 * 60, False)):
        with clock.frozen(local_instant(day, minute, sheet.zone)):
            for url in ("/agenda/", "/agenda/?ou=Grenoble"):
                assert ("Réparer son vélo" in client.get(url).content.decode()) is shown


def test_the_month_ends_with_the_last_day_of_the_place(sheet, mediator):
    """At 22 h in La Réunion it is still that day there, and 18 h in UTC."""
    Sheet.objects.filter(pk=sheet.pk).update(time_zone="Indian/Reunion")
    Commune.objects.filter(pk=sheet.commune_id).update(time_zone="Indian/Reunion")
    sheet = Sheet.objects.get(pk=sheet.pk)
    today = clock.today(sheet.zone)
    event(sheet, mediator, day=today + timedelta(days=31), start_minute=1320, end_minute=1380)
    late = today + timedelta(days=32)
    event(sheet, mediator, day=late, start_minute=60, end_minute=120, title="Trop tard")
    page = Client().get("/agenda/?ou=Grenoble").content.decode()
    assert "Réparer son vélo" in page
    assert "Trop tard" not in page


def test_the_page_reads_few_rows(client, sheet, mediator, django_assert_max_num_queries):
    day = clock.today(sheet.zone) + timedelta(days=2)
    event(sheet, mediator, day=day, weekly_until=day + timedelta(weeks=20))
    client.get("/agenda/")
    with django_assert_max_num_queries(6):
        client.get("/agenda/")


def test_the_feed_says_what_stands_and_what_was_cancelled(client, sheet, mediator):
    one = event(sheet, mediator)[0]
    agenda.cancel(one, "Grève", following=False, actor=mediator)
    found = Calendar.from_ical(client.get(f"/agenda/lieux/{sheet.slug}/agenda.ics").content)
    entry = found.walk("VEVENT")[0]
    assert (entry["status"], entry["sequence"]) == ("CANCELLED", 1)
    assert entry["uid"] == f"{one.key}@preau"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start_minute": 1200, "end_minute": 1100}, "après l’heure de début"),
        ({"day": date(2020, 1, 1)}, "jour à venir"),
        ({"weekly_until": date(2099, 1, 1)}, "un an au plus"),
    ],
)
def test_what_cannot_be_is_refused(sheet, mediator, given, said):
    with pytest.raises(Refusal, match=said):
        event(sheet, mediator, **given)


def test_only_the_people_of_the_place_write(sheet):
    with pytest.raises(Forbidden):
        event(sheet, hand_of(OrganizationFactory(verified=True)))


# --- Trainings


def register(town, person, actor, **given):
    known = {"title": "Accueillir", "body": "", "followed_on": date(2026, 1, 5), "hours": 14}
    return trainings.register(town, person, actor=actor, **(known | {"valid_until": None} | given))


def test_the_register_knows_people_of_the_structure_once(town, mediator):
    boss = hand_of(town, MembershipRole.MANAGER)
    register(town, mediator.user, boss)
    with pytest.raises(Refusal, match="déjà inscrite"):
        register(town, mediator.user, boss)
    with pytest.raises(Refusal, match="de la structure"):
        register(town, UserFactory(), boss)
    with pytest.raises(Refusal, match="suit la date"):
        register(town, mediator.user, boss, title="Autre", valid_until=date(2025, 1, 1))
    with pytest.raises(Forbidden):
        register(town, mediator.user, mediator, title="Encore")


def test_the_end_of_a_training_is_said_once(town, mediator):
    today = clock.today()
    boss = hand_of(town, MembershipRole.MANAGER)
    register(town, mediator.user, boss, valid_until=today + timedelta(days=59))
    register(town, mediator.user, boss, title="Loin", valid_until=today + timedelta(days=90))
    assert look_after(0) == 1
    assert look_after(0) == 0
    assert Notification.objects.get(user=mediator.user).topic == "mediation.trainings"


def test_a_training_is_of_the_local_day(town, mediator):
    """Just past midnight in Paris, it is the day before in UTC."""
    boss = hand_of(town, MembershipRole.MANAGER)
    day = date(2027, 3, 10)
    with clock.frozen(local_instant(day, 30, ZoneInfo("Europe/Paris"))):
        one = register(town, mediator.user, boss, followed_on=day, valid_until=day)
        assert not one.is_over
        with pytest.raises(Refusal, match="une fois suivie"):
            register(town, mediator.user, boss, followed_on=day + timedelta(days=1))
    with clock.frozen(local_instant(day, 1470, ZoneInfo("Europe/Paris"))):
        assert one.is_over


def test_one_sees_ones_own_lines(client, town, mediator):
    register(town, mediator.user, hand_of(town, MembershipRole.MANAGER))
    sign_in(client, mediator.user)
    assert "Accueillir" in client.get("/mediation/formations/").content.decode()
