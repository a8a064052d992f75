"""Tariffs written, copied, put away and tried from the manager's pages."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.core.models import AuditEvent
from preau.pricing.enums import RateUnit
from preau.pricing.models import Option, Quota, Rate, Season, Tariff
from preau.pricing.queries import tariff_for as tariff_of
from tests.accounts.factories import MembershipFactory, sign_in
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return SpaceFactory(price_from_cents=None)


@pytest.fixture
def clerk(client, space):
    membership = MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    return sign_in(client, membership.user, membership)


def url(name, *args):
    return reverse(f"pricing:{name}", args=args)


def lines(*rows, there=0):
    data = {"ligne-TOTAL_FORMS": len(rows), "ligne-INITIAL_FORMS": there}
    for number, row in enumerate(rows):
        data |= {f"ligne-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_tariff_from_its_name_to_its_places(clerk, space):
    clerk.post(url("create"), {"name": "Salle des fêtes"})
    tariff = Tariff.objects.get()
    grid = {
        "p.0.tous-partout.heure": "20",
        "p.0.association-commune.heure": "7,50",
        "p.0.tous-partout.journee": "",
        "rangs": "tous-partout association-commune",
        "version": tariff.version,
    }
    clerk.post(url("grid", tariff.pk), grid)
    assert sorted(tariff.rates.values_list("amount_cents", flat=True)) == [750, 2000]
    page = clerk.post(url("assign", tariff.pk), {"places": [space.place_id], "faire": "apercu"})
    assert "prix sur demande → tarif « Salle des fêtes »" in page.text
    assert tariff_of(space) is None
    clerk.post(url("assign", tariff.pk), {"places": [space.place_id], "faire": "enregistrer"})
    assert tariff_of(space) == tariff
    page = clerk.get(url("detail", tariff.pk)).text
    assert "7,50" in page and "Associations de la commune" in page
    assert set(AuditEvent.objects.values_list("verb", flat=True)) >= {
        "tariff.created", "tariff.grid_saved", "tariff.assigned",
    }  # fmt: skip


def test_a_wrong_amount_keeps_everything_typed(clerk, space):
    tariff = tariff_for(space.place)
    page = clerk.post(
        url("grid", tariff.pk),
        {"p.0.tous-partout.heure": "douze", "p.0.tous-partout.soiree": "30", "rangs": ""},
    ).text
    assert "Écrivez un montant en euros" in page
    assert 'value="douze"' in page and 'value="30"' in page
    assert tariff.rates.count() == 2


def test_adding_a_row_judges_nothing(clerk, space):
    tariff = tariff_for(space.place)
    page = clerk.post(
        url("grid", tariff.pk),
        {"p.0.tous-partout.heure": "x", "faire": "ajouter", "rang": "entreprise-exterieur"},
    ).text
    assert "Entreprises hors commune" in page and "Écrivez un montant" not in page


def test_two_people_at_once_do_not_erase_each_other(clerk, space):
    tariff = tariff_for(space.place)
    data = {"p.0.tous-partout.heure": "99", "rangs": "", "version": tariff.version + 4}
    page = clerk.post(url("grid", tariff.pk), data).text
    assert "Quelqu’un d’autre a modifié ce tarif" in page
    assert not tariff.rates.filter(amount_cents=9900).exists()


def test_seasons_free_quotas_and_options_are_lines(clerk, space):
    tariff = tariff_for(space.place)
    summer = {"name": "Été", "first_day": "15 juin", "last_day": "15/09"}
    clerk.post(url("lines", tariff.pk, "saisons"), lines(summer))
    season = Season.objects.get()
    assert (season.first_day, season.last_day) == (615, 915)
    clerk.post(
        url("lines", tariff.pk, "saisons"),
        lines({"id": season.pk, **summer, "remove": "on"}, there=1),
    )
    assert not Season.objects.exists()
    free = {
        "who": "association-commune", "number": 10, "kind": "heures", "per": "semaine",
        "term_only": "on",
    }  # fmt: skip
    clerk.post(url("lines", tariff.pk, "gratuites"), lines(free))
    assert Quota.objects.get().limit == 600
    podium = {"name": "Podium", "amount_cents": "50", "unit": "jour", "stock": 1}
    page = clerk.post(url("place_options", space.place_id), lines(podium | {"spaces": [space.pk]}))
    assert page.status_code == 302
    assert Option.objects.get().spaces.get() == space
    page = clerk.post(url("lines", tariff.pk, "saisons"), lines(summer | {"last_day": "31/02"}))
    assert "comme 15/06" in page.text and 'value="15 juin"' in page.text


def test_a_copy_has_everything_and_an_archive_must_be_free(clerk, space):
    tariff = tariff_for(space.place)
    season = Season.objects.create(tariff=tariff, name="été", first_day=601, last_day=831)
    Rate.objects.create(tariff=tariff, unit=RateUnit.DAY, season=season, amount_cents=9000)
    Quota.objects.create(tariff=tariff, limit=2)
    clerk.post(url("duplicate", tariff.pk))
    copy = Tariff.objects.get(name="Salle des fêtes (copie)")
    assert copy.rates.count() == 3 and copy.rates.get(amount_cents=9000).season.tariff == copy
    assert copy.quotas.count() == 1 and not copy.assignments.exists()
    page = clerk.post(url("archive", tariff.pk), follow=True)
    assert "s’applique encore" in page.text
    clerk.post(url("archive", copy.pk))
    copy.refresh_from_db()
    assert copy.is_archived


def test_the_tariff_of_another_cannot_be_given(clerk, space):
    tariff = tariff_for(space.place)
    foreign = PlaceFactory()
    page = clerk.post(url("assign", tariff.pk), {"places": [foreign.pk], "faire": "enregistrer"})
    assert page.status_code == 200
    assert tariff.assignments.get().place == space.place


def test_a_price_is_tried_before_the_public_does(clerk, space):
    tariff_for(space.place)
    asked = {
        "espace": space.pk, "jour": "2027-03-02", "debut": "10:00", "fin": "12:00",
        "categorie": "association",
    }  # fmt: skip
    page = clerk.get(url("simulation"), asked).text
    assert "Location, 2" in page and "20,00" in page


def test_the_panels_say_which_tariff_holds(clerk, space):
    tariff = tariff_for(space, name="Grand soir")
    assert "Grand soir" in clerk.get(reverse("places:space_detail", args=[space.pk])).text
    assert "Grand soir" in clerk.get(reverse("places:detail", args=[space.place_id])).text
    assert tariff_of(space) == tariff


def test_the_rate_of_vat_is_chosen_shown_and_one_of_the_french_ones(clerk, space):
    tariff = tariff_for(space.place)
    assert "TVA non applicable." in clerk.get(url("detail", tariff.pk)).text
    typed = {
        "name": tariff.name, "vat_note": "TVA non applicable", "minimum_cents": "0",
        "morning_start": "08:00", "afternoon_start": "13:00", "evening_start": "18:00",
        "evening_end": "02:00",
    }  # fmt: skip
    page = clerk.post(url("settings", tariff.pk), typed | {"vat_rate": "1960"})
    assert page.status_code == 200 and "vat_rate" in page.context["form"].errors
    assert clerk.post(url("settings", tariff.pk), typed | {"vat_rate": "550"}).status_code == 302
    page = clerk.get(url("detail", tariff.pk)).text
    assert "toutes taxes comprises, dont TVA à 5,5\u00a0%." in page
    assert "régie ne demande pas de TVA, le public lit : «\u00a0TVA non applicable\u00a0»" in page
    clerk.post(url("settings", tariff.pk), typed | {"vat_rate": ""})
    tariff.refresh_from_db()
    assert tariff.vat_rate is None
    with pytest.raises(IntegrityError, match="tariff_vat_rate_known"):
        Tariff.objects.filter(pk=tariff.pk).update(vat_rate=1960)
