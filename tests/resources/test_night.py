"""The library's night, on a set clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.notifications.models import Notification
from preau.resources.enums import ResourceState, Source
from preau.resources.tasks import look_after
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.resources.factories import published

pytestmark = pytest.mark.django_db
NIGHT = datetime(2027, 1, 15, 4, 20, tzinfo=ZoneInfo("Europe/Paris"))
TODAY = NIGHT.date()


@pytest.fixture
def keeper():
    return MembershipFactory(role=MembershipRole.MANAGER)


def run():
    with clock.frozen(NIGHT):
        return look_after(timestamp=0)


def test_what_has_ended_is_no_longer_shown_and_is_said_once(keeper):
    one = published(
        owner=keeper.organization, reviewed_by=UserFactory(), expires_on=TODAY - timedelta(days=1)
    )
    assert run() == 1
    assert run() == 0
    one.refresh_from_db()
    assert one.state == ResourceState.EXPIRED
    assert [n.title for n in Notification.objects.filter(user=keeper.user)] == [
        f"Votre fiche est périmée : {one.title}"
    ]


def test_the_last_day_still_counts(keeper):
    one = published(owner=keeper.organization, reviewed_by=UserFactory(), expires_on=TODAY)
    run()
    one.refresh_from_db()
    assert one.state == ResourceState.PUBLISHED


@pytest.mark.parametrize(("days", "told"), [(30, 1), (31, 0), (0, 1)])
def test_keepers_are_warned_thirty_days_before_once(keeper, days, told):
    published(
        owner=keeper.organization,
        reviewed_by=UserFactory(),
        expires_on=TODAY + timedelta(days=days),
    )
    run()
    run()
    assert Notification.objects.filter(user=keeper.user).count() == told


def test_a_renewed_record_is_warned_of_again(keeper):
    one = published(
        owner=keeper.organization, reviewed_by=UserFactory(), expires_on=TODAY + timedelta(days=9)
    )
    run()
    one.expires_on = TODAY + timedelta(days=20)
    one.save()
    run()
    assert Notification.objects.filter(user=keeper.user).count() == 2


def test_without_owner_the_operators_are_warned():
    operator = UserFactory(operator=True)
    published(reviewed_by=UserFactory(), expires_on=TODAY + timedelta(days=9))
    run()
    assert Notification.objects.filter(user=operator).count() == 1


def test_mirrored_records_end_in_silence():
    UserFactory(operator=True)
    one = published(
        source=Source.AIDES_TERRITOIRES, source_id="1", expires_on=TODAY - timedelta(days=1)
    )
    soon = published(source=Source.AIDES_TERRITOIRES, source_id="2", expires_on=TODAY)
    assert run() == 1
    one.refresh_from_db()
    assert one.state == ResourceState.EXPIRED
    assert not Notification.objects.exists()
    assert soon.state == ResourceState.PUBLISHED


def test_one_that_fails_does_not_keep_the_others(keeper, monkeypatch):
    organization = OrganizationFactory(verified=True)
    bad = published(
        owner=organization, reviewed_by=UserFactory(), expires_on=TODAY - timedelta(days=1)
    )
    good = published(
        owner=keeper.organization, reviewed_by=UserFactory(), expires_on=TODAY - timedelta(days=1)
    )
    from preau.resources import actions

    real = actions.expire

    def flaky(resource, *, on):
        if resource.pk == bad.pk:
            raise RuntimeError
        return real(resource, on=on)

    monkeypatch.setattr(actions, "expire", flaky)
    assert run() == 1
    good.refresh_from_db()
    assert good.state == ResourceState.EXPIRED
