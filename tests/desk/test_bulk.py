"""One change to many spaces: what is shown is what is made, whole or not at all."""

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.availability.models import SpaceCalendar
from preau.booking.models import BookingRules, RulesAssignment
from preau.booking.rules import rules_for
from preau.core.errors import Refusal
from preau.core.models import AuditEvent
from preau.desk.bulk import plan as plans
from preau.desk.bulk.actions import change_many
from preau.desk.bulk.plan import plan
from preau.places.enums import PlaceRoleKind
from preau.pricing.models import Tariff
from preau.pricing.queries import tariff_for
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, PlaceRoleFactory, SpaceFactory

URL = "/gerer/modifier-en-lot/"


@pytest.fixture
def town(db):
    return OrganizationFactory(verified=True, town=True)


@pytest.fixture
def actor(town):
    member = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    return Actor(member.user, member)


@pytest.fixture
def spaces(town):
    first, second = PlaceFactory(owner=town, name="A"), PlaceFactory(owner=town, name="B")
    return [SpaceFactory(place=first), SpaceFactory(place=first), SpaceFactory(place=second)]


@pytest.fixture
def clerk(client, actor):
    return sign_in(client, actor.user, actor.membership)


def sent(spaces, **values):
    ticks = {f"tick_{name}": "on" for name in values}
    return {"spaces": [one.pk for one in spaces]} | values | ticks


def confirm(client, spaces, **values):
    """What a browser does: look, then press the button of the preview."""
    shown = client.post(URL, sent(spaces, **values))
    seen = shown.context["plan"].fingerprint
    return client.post(URL, sent(spaces, **values) | {"confirmer": "1", "vu": seen})


def test_only_what_is_ticked_changes(clerk, spaces):
    typed = sent(spaces[:2], lead_minutes=1440) | {"buffer_after": 60}
    seen = clerk.post(URL, typed).context["plan"]
    assert [line.label for row in seen.rows for line in row.lines] == ["Réserver au plus tard"] * 2
    clerk.post(URL, typed | {"confirmer": "1", "vu": seen.fingerprint})
    for one in spaces:
        one.refresh_from_db()
    assert [one.lead_minutes for one in spaces] == [1440, 1440, 0]
    assert [one.buffer_after for one in spaces] == [0, 0, 0]
    marks = AuditEvent.objects.filter(verb="space.changed_with_others")
    assert sorted(one.subject_id for one in marks) == sorted(str(one.pk) for one in spaces[:2])


def test_looking_writes_nothing(clerk, spaces):
    before = AuditEvent.objects.count()
    words = clerk.post(URL, sent(spaces, min_minutes=120)).content.decode()
    assert "1\u00a0h" in words and "2\u00a0h" in words
    spaces[0].refresh_from_db()
    assert (spaces[0].min_minutes, AuditEvent.objects.count()) == (60, before)


def test_one_refusal_stops_everything(clerk, spaces, actor):
    spaces[1].max_minutes = 60
    spaces[1].save()
    shown = clerk.post(URL, sent(spaces, min_minutes=120))
    assert [row.space.pk for row in shown.context["plan"].refused] == [spaces[1].pk]
    assert "Confirmer ces changements" not in shown.content.decode()
    seen = plan(spaces, {"min_minutes": 120}, actor=actor).fingerprint
    with pytest.raises(Refusal, match="durée maximale"):
        change_many(spaces, {"min_minutes": 120}, seen=seen, actor=actor)
    spaces[0].refresh_from_db()
    assert spaces[0].min_minutes == 60


def test_all_or_nothing_even_when_the_database_says_no(spaces, actor, monkeypatch):
    """The look is a courtesy: without it the rules of the spaces still refuse, for all."""
    spaces[2].max_minutes = 60
    spaces[2].save()
    monkeypatch.setattr(plans, "_own_faults", lambda *_: [])
    seen = plan(sorted(spaces, key=lambda one: one.pk), {"min_minutes": 120}, actor=actor)
    with pytest.raises(Refusal):
        change_many(spaces, {"min_minutes": 120}, seen=seen.fingerprint, actor=actor)
    spaces[0].refresh_from_db()
    assert spaces[0].min_minutes == 60


def test_what_moved_meanwhile_is_shown_again(clerk, spaces):
    typed = sent(spaces, lead_minutes=1440)
    seen = clerk.post(URL, typed).context["plan"].fingerprint
    spaces[0].lead_minutes = 240
    spaces[0].save()
    answer = clerk.post(URL, typed | {"confirmer": "1", "vu": seen})
    assert "a changé depuis cet aperçu" in answer.content.decode()
    spaces[1].refresh_from_db()
    assert spaces[1].lead_minutes == 0
    again = answer.context["plan"].fingerprint
    clerk.post(URL, typed | {"confirmer": "1", "vu": again})
    spaces[1].refresh_from_db()
    assert spaces[1].lead_minutes == 1440


def test_sent_twice_is_done_once(clerk, spaces):
    typed = sent(spaces, lead_minutes=1440)
    typed |= {"confirmer": "1", "vu": clerk.post(URL, typed).context["plan"].fingerprint}
    clerk.post(URL, typed)
    words = clerk.post(URL, typed).content.decode()
    assert "Ces espaces ont déjà ces valeurs" in words
    assert "Rien n’a changé" not in words
    assert AuditEvent.objects.filter(verb="space.changed_with_others").count() == 3


def test_hidden_values_are_read_again(clerk, spaces):
    foreign = SpaceFactory()
    answer = clerk.post(URL, sent([*spaces, foreign], lead_minutes=1440) | {"confirmer": "1"})
    assert "plan" not in answer.context
    rules = BookingRules.objects.create(organization=foreign.place.owner, name="Ailleurs")
    answer = clerk.post(URL, sent(spaces, rules=rules.pk) | {"confirmer": "1", "vu": "x"})
    assert "plan" not in answer.context
    assert not RulesAssignment.objects.exists()
    answer = clerk.post(URL, sent(spaces, lead_minutes=7) | {"confirmer": "1", "vu": "x"})
    assert "plan" not in answer.context


def test_rules_and_tariffs_hold_where_they_did_and_here(clerk, spaces, town):
    rules = BookingRules.objects.create(organization=town, name="Salles")
    tariff = Tariff.objects.create(organization=town, name="Salles")
    confirm(clerk, spaces[:1], rules=rules.pk, tariff=tariff.pk)
    confirm(clerk, spaces[2:], rules=rules.pk, tariff=tariff.pk)
    assert [rules_for(one) for one in spaces] == [rules, None, rules]
    assert [tariff_for(one) for one in spaces] == [tariff, None, tariff]


def test_hours_are_those_of_the_same_place(clerk, spaces):
    calendar = open_space(spaces[0])
    shown = clerk.post(URL, sent(spaces, calendar=calendar.pk))
    assert [row.space.pk for row in shown.context["plan"].refused] == [spaces[2].pk]
    confirm(clerk, spaces[:2], calendar=calendar.pk)
    assert SpaceCalendar.objects.get(space=spaces[1]).calendar == calendar


def test_a_role_on_a_place_gives_its_spaces_only(client, spaces):
    head = UserFactory()
    PlaceRoleFactory(place=spaces[2].place, user=head, role=PlaceRoleKind.HEAD_OF_SCHOOL)
    sign_in(client, head)
    offered = client.get(URL).context["form"].fields["spaces"].choices
    assert [pk for pk, _ in offered] == [spaces[2].pk]
    answer = client.post(URL, sent(spaces, lead_minutes=1440))
    assert "plan" not in answer.context


def test_a_role_on_a_place_does_not_spread_the_rules_of_its_owner(spaces, town):
    """Even past the form: what the look refuses, the change refuses."""
    head = UserFactory()
    PlaceRoleFactory(place=spaces[2].place, user=head, role=PlaceRoleKind.HEAD_OF_SCHOOL)
    values = {"rules": BookingRules.objects.create(organization=town, name="Salles")}
    seen = plan(spaces[2:], values, actor=Actor(head)).fingerprint
    with pytest.raises(Refusal, match="Vous ne décidez pas"):
        change_many(spaces[2:], values, seen=seen, actor=Actor(head))
    assert not RulesAssignment.objects.exists()


def test_a_caretaker_changes_nothing(client, spaces):
    keeper = MembershipFactory(organization=spaces[0].place.owner, role=MembershipRole.CARETAKER)
    sign_in(client, keeper.user, keeper)
    answer = client.post(URL, sent(spaces, lead_minutes=1440))
    assert "Aucun lieu à gérer" in answer.content.decode()


def test_what_is_chosen_comes_back(clerk, spaces):
    typed = sent(spaces[:1], lead_minutes=1440)
    answer = clerk.post(URL, typed | {"revoir": "1"})
    assert answer.context["form"]["spaces"].value() == [str(spaces[0].pk)]
    answer = clerk.post(URL, {"spaces": [spaces[0].pk]})
    assert "Cochez au moins une chose à changer" in answer.content.decode()
    answer = clerk.post(URL, {"tick_lead_minutes": "on", "lead_minutes": "1440"})
    assert "Cochez au moins un espace" in answer.content.decode()
    answer = clerk.post(URL, {"spaces": [spaces[0].pk], "tick_rules": "on"})
    assert "Choisissez la nouvelle valeur" in answer.content.decode()


def test_many_spaces_cost_few_queries(clerk, spaces, django_assert_max_num_queries):
    many = [SpaceFactory(place=spaces[0].place) for _ in range(30)]
    typed = sent([*spaces, *many], lead_minutes=1440, min_minutes=120)
    with django_assert_max_num_queries(60):
        clerk.post(URL, typed)
