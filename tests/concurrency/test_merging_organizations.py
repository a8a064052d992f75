"""People write under an organisation at the very moment it is merged into another."""

import time

import pytest
from django.db import connection, transaction

from preau.accounts.actions import merge_organizations
from preau.accounts.actions.merging import links_to_organizations, sweep
from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.conversations.models import ThreadAudience
from preau.places.models import Place
from preau.pricing.models import Tariff
from tests.accounts.factories import OrganizationFactory, UserFactory
from tests.concurrency.race import race
from tests.conversations.factories import ThreadFactory
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, TIMES = 5, 12


def left_behind(organization):
    return [
        (model._meta.label, field)
        for model, field in links_to_organizations()
        if model._base_manager.filter(**{field: organization}).exists()
    ]


def test_whatever_is_written_meanwhile_is_the_other_ones():
    operator = Actor(UserFactory(is_operator=True))
    old, new = OrganizationFactory(verified=True), OrganizationFactory(verified=True)
    places = [PlaceFactory(owner=old) for _ in range(WRITERS)]

    def writer(rank):
        def write(_):
            for turn in range(TIMES):
                place = places[rank]  # as it was before: its owner is the old one
                with transaction.atomic():
                    place.name = f"Salle {rank}-{turn}"
                    place.save()
                    Tariff.objects.create(organization=old, name=f"{rank}-{turn}")

        return write

    def merge(_):
        return merge_organizations(actor=operator, source=old, target=new, reason="essai")

    [outcome] = race([merge, *(writer(rank) for rank in range(WRITERS))])
    assert outcome.errors == []
    sweep()
    assert left_behind(old) == []
    assert Tariff.objects.filter(organization=new).count() == WRITERS * TIMES
    assert set(Place.objects.values_list("name", flat=True)) == {
        f"Salle {rank}-{TIMES - 1}" for rank in range(WRITERS)
    }


def test_whoever_began_before_ends_first_and_the_merge_gives_way_to_them():
    """Crossed locks: the writer holds a row that the merge wants, then wants the organisation."""
    operator = Actor(UserFactory(is_operator=True))
    old, new = OrganizationFactory(verified=True), OrganizationFactory(verified=True)
    place = PlaceFactory(owner=old)

    def write(_):
        with transaction.atomic():
            Place.objects.filter(pk=place.pk).update(name="Renommée")
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline and not _merge_waits():
                pass
            Tariff.objects.create(organization=old, name="Écrit pendant la fusion")

    def merge(_):
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and not _somebody_holds_a_place():
            pass
        return merge_organizations(actor=operator, source=old, target=new, reason="essai")

    [outcome] = race([merge, write])
    assert outcome.errors == []
    sweep()
    assert left_behind(old) == []
    assert Place.objects.get().name == "Renommée"
    assert Tariff.objects.get().organization == new


def test_two_operators_merge_at_once():
    operator = Actor(UserFactory(is_operator=True))
    one, two = OrganizationFactory(verified=True), OrganizationFactory(verified=True)
    thread = ThreadFactory(audiences=[])
    for organization in (one, two):
        ThreadAudience.objects.create(thread=thread, key=f"organization:{organization.pk}")

    def merge(source, target):
        return lambda _: merge_organizations(
            actor=operator, source=source, target=target, reason="essai"
        )

    [outcome] = race([merge(one, two), merge(two, one)])
    assert [error.code for error in outcome.errors] == ["already_merged"]
    assert Organization.objects.filter(merged_into=None).count() == 1
    [kept] = Organization.objects.filter(merged_into=None)
    assert [line.key for line in ThreadAudience.objects.all()] == [f"organization:{kept.pk}"]


def _merge_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] > 0


def _somebody_holds_a_place():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = 'places_place'::regclass"
            " AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] > 0
