"""The records delivered with Préau: each one reads, none claims what nobody has checked."""

import pytest

from preau.accounts.actors import Actor
from preau.resources import actions
from preau.resources.enums import ResourceState, Source
from preau.resources.loading import load_delivered
from preau.resources.loading.delivered import delivered
from preau.resources.models import Resource
from preau.territories.models import Commune, Departement, Epci, Region
from tests.accounts.factories import UserFactory
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
ONE = {
    "id": "detr",
    "kind": "aide",
    "title": "Dotation",
    "summary": "Une subvention.",
    "provider_name": "Préfecture",
    "themes": "*",
    "blockage_kinds": ["financement"],
    "areas": ["fr"],
}


@pytest.fixture
def territories():
    """What the file names, and no more."""
    CommuneFactory()
    region = Region.objects.get(code="84")
    for record in delivered():
        for area in record["areas"]:
            scale, _, code = area.partition(":")
            if scale == "departement":
                Departement.objects.get_or_create(
                    code=code,
                    defaults={
                        "name": code,
                        "region": region,
                        "school_zone": "A",
                        "time_zone": "Europe/Paris",
                    },
                )
            elif scale == "epci":
                Epci.objects.get_or_create(siren=code, defaults={"name": code, "kind": "CC"})
    assert Commune.objects.exists()


def test_the_whole_file_is_loaded_and_twice_changes_nothing(territories):
    report = load_delivered()
    assert report.created == len(delivered()) >= 60
    assert load_delivered().unchanged == report.created
    shown = Resource.objects.filter(source=Source.PREAU)
    assert set(shown.values_list("state", flat=True)) == {ResourceState.PUBLISHED}


def test_no_figure_was_made_up(territories):
    """Amounts and rates change every year: none is delivered, and all is to be verified."""
    load_delivered()
    for one in Resource.objects.all():
        assert one.is_to_verify
        assert {one.rate_min, one.rate_max, one.floor_cents, one.ceiling_cents} == {None}
        assert one.summary
        assert one.themes
        assert one.blockage_kinds
        assert not any(symbol in f"{one.summary}{one.body}" for symbol in ("€", "%"))


def test_each_blockage_and_each_theme_finds_something(territories):
    load_delivered()
    for kind in ("financement", "ingenierie", "foncier", "reglementaire", "partenaires"):
        assert Resource.objects.filter(blockage_kinds__contains=[kind]).count() >= 5, kind


def test_a_new_delivery_changes_its_own_and_puts_away_what_it_drops():
    load_delivered([ONE, ONE | {"id": "dsil"}])
    report = load_delivered([ONE | {"title": "Dotation rurale"}])
    assert (report.updated, report.retired) == (1, 1)
    assert Resource.objects.get(source_id="detr").title == "Dotation rurale"
    assert Resource.objects.get(source_id="dsil").state == ResourceState.ARCHIVED


def test_what_somebody_took_over_is_left_alone():
    load_delivered([ONE])
    one = actions.reopen(Resource.objects.get(), actor=Actor(UserFactory(operator=True)))
    report = load_delivered([ONE | {"title": "Autre"}])
    assert (report.kept, report.created) == (1, 0)
    one.refresh_from_db()
    assert one.title == "Dotation"


def test_what_somebody_put_away_stays_away():
    load_delivered([ONE])
    actions.archive(Resource.objects.get(), "faux", actor=Actor(UserFactory(operator=True)))
    assert load_delivered([ONE | {"title": "Autre"}]).kept == 1
    assert Resource.objects.get().state == ResourceState.ARCHIVED


@pytest.mark.parametrize("wrong", [{"themes": ["x"]}, {"kind": "x"}, {"blockage_kinds": ["x"]}])
def test_a_wrong_word_in_the_file_is_seen(wrong):
    with pytest.raises(ValueError, match="x"):
        load_delivered([ONE | wrong])
