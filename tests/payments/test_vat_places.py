"""Which rates of VAT exist where: the mainland, Corsica, overseas."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from facturx import xml_check_xsd

from preau.accounts.enums import OrganizationKind
from preau.core import vat
from preau.core.errors import Refusal
from preau.core.vat import VatRate
from preau.payments import papers
from preau.payments.actions import offices
from preau.payments.actions import papers as issuing
from preau.payments.actions.dues import Line, Payer
from preau.payments.enums import LineKind, PaperKind, VatRegime
from preau.payments.forms.offices import OfficeForm
from preau.payments.invoicing import cii, figures
from preau.payments.models import CollectingOffice, Due
from preau.pricing.actions import tariffs
from preau.pricing.forms.tariffs import SettingsForm
from preau.pricing.models import Tariff
from tests.accounts.factories import OrganizationFactory, sign_in
from tests.payments.factories import OfficeFactory, ask, clerk_of, pay
from tests.places.factories import PlaceFactory
from tests.pricing.factories import tariff_for
from tests.territories.factories import CommuneFactory, DepartementFactory

NBSP = "\u00a0"


def commune_in(departement):
    code = f"{departement:0<4}1"[:5]
    return CommuneFactory(code=code, departement=DepartementFactory(code=departement))


def town_in(departement):
    return OrganizationFactory(verified=True, commune=commune_in(departement))


def in_percents(choices):
    return [one / 100 for one, _ in choices if one != ""]


@pytest.mark.parametrize(
    ("departement", "rates"),
    [
        ("38", [20, 10, 5.5, 2.1, 0]),
        ("2A", [20, 13, 10, 5.5, 2.1, 0.9, 0]),
        ("2B", [20, 13, 10, 5.5, 2.1, 0.9, 0]),
        ("971", [8.5, 2.1, 1.75, 1.05, 0]),
        ("972", [8.5, 2.1, 1.75, 1.05, 0]),
        ("974", [8.5, 2.1, 1.75, 1.05, 0]),
        ("973", []),
        ("976", []),
    ],
)
def test_each_part_of_france_has_its_rates(departement, rates):
    assert in_percents(vat.choices_in([departement])) == rates
    known = {"where": vat.territory_of(departement).where}
    for rate in VatRate:
        sentence = vat.why_not(rate, [departement])
        assert (sentence == "") == (rate / 100 in rates)
        assert sentence == "" or known["where"] in sentence


def test_a_rate_is_written_with_the_decimals_it_needs():
    written = [vat.percent(rate) for rate in (2000, 850, 550, 210, 175, 105, 90)]
    wanted = ["20 %", "8,5 %", "5,5 %", "2,1 %", "1,75 %", "1,05 %", "0,9 %"]
    assert written == [one.replace(" ", NBSP) for one in wanted]
    assert [rate.label for rate in VatRate if rate] == [
        vat.percent(rate) for rate in VatRate if rate
    ]


@pytest.mark.django_db
def test_the_database_refuses_a_rate_of_nowhere():
    office = OfficeFactory(vat_number="FR1", vat_rate=850, vat_regime=VatRegime.LIABLE)
    tariff = Tariff.objects.create(organization=office.organization, name="T", vat_rate=175)
    for model, one in ((CollectingOffice, office), (Tariff, tariff)):
        with pytest.raises(IntegrityError, match="vat_rate"), transaction.atomic():
            model.objects.filter(pk=one.pk).update(vat_rate=1960)


@pytest.mark.django_db
def test_forms_propose_the_rates_of_where_the_organisation_has_premises():
    reunion = town_in("974")
    tariff = Tariff.objects.create(organization=reunion, name="Salles")
    for form in (SettingsForm(tariff=tariff), OfficeForm(organization=reunion)):
        assert in_percents(form.fields["vat_rate"].choices) == [8.5, 2.1, 1.75, 1.05, 0]
    PlaceFactory(owner=reunion, commune=commune_in("38"))
    for form in (SettingsForm(tariff=tariff), OfficeForm(organization=reunion)):
        assert 20 in in_percents(form.fields["vat_rate"].choices)


@pytest.mark.django_db
def test_a_rate_of_where_no_place_is_left_is_kept_until_another_is_chosen():
    tariff = Tariff.objects.create(organization=town_in("974"), name="Salles", vat_rate=2000)
    form = SettingsForm(tariff=tariff)
    assert in_percents(form.fields["vat_rate"].choices) == [8.5, 2.1, 1.75, 1.05, 0, 20]
    assert "selected" in str(form["vat_rate"]).split('value="2000"')[1].split(">")[0]


@pytest.mark.django_db
def test_an_office_of_guyane_cannot_be_liable(client):
    town = town_in("973")
    office = OfficeFactory(organization=town)
    clerk = clerk_of(office)
    sign_in(client, clerk.user, clerk.membership)
    page = reverse("payments:change_office", args=[office.pk])
    shown = client.get(page).content.decode()
    assert "La TVA ne s’applique pas en Guyane (article 294 du CGI)." in shown
    assert "Taux de TVA" not in shown
    assert 'value="assujetti"' not in shown
    sent = {"name": "R", "mode": "regie", "pay_when": "apres", "numcli": "090909"}
    sent |= {"saisie": "T", "counter_means": "especes", "vat_regime": "assujetti"}
    refused = client.post(page, sent | {"vat_number": "FR12345678901", "vat_rate": "2000"})
    assert "ne s’applique pas en Guyane" in refused.content.decode()
    facts = {"vat_regime": VatRegime.LIABLE, "vat_number": "FR12345678901", "vat_rate": 0}
    with pytest.raises(Refusal, match="Guyane"):
        offices.change_office(office, facts, [], actor=clerk)
    office.refresh_from_db()
    assert office.vat_regime == VatRegime.NOT_LIABLE
    client.post(page, sent | {"vat_regime": "non_assujetti"})
    office.refresh_from_db()
    assert office.name == "R"


@pytest.mark.django_db
def test_a_rate_must_exist_where_it_will_be_asked():
    office = OfficeFactory()
    clerk = clerk_of(office)
    there = PlaceFactory(owner=office.organization, commune=commune_in("972"))
    facts = {"vat_regime": VatRegime.LIABLE, "vat_number": "FR12345678901", "vat_rate": 2000}
    with pytest.raises(Refusal, match="n’existe pas en Martinique"):
        offices.change_office(office, facts, [there], actor=clerk)
    offices.change_office(office, facts | {"vat_rate": 850}, [there], actor=clerk)
    tariff = tariff_for(there)
    with pytest.raises(Refusal, match="n’existe pas en Martinique"):
        tariffs.edit_tariff(tariff, actor=clerk, vat_rate=2000)
    tariffs.edit_tariff(tariff, actor=clerk, vat_rate=850)
    here = PlaceFactory(owner=office.organization, commune=commune_in("38"))
    with pytest.raises(Refusal, match="n’existe pas en métropole"):
        tariffs.assign(tariff, places=[there, here], spaces=[], actor=clerk)


@pytest.mark.django_db
def test_a_hall_where_no_vat_is_asked_does_not_keep_an_office_from_asking_it_elsewhere():
    office = OfficeFactory()
    places = [PlaceFactory(owner=office.organization, commune=commune_in(c)) for c in ("38", "973")]
    facts = {"vat_regime": VatRegime.LIABLE, "vat_number": "FR12345678901", "vat_rate": 2000}
    offices.change_office(office, facts, places, actor=clerk_of(office))
    assert office.vat_regime == VatRegime.LIABLE


@pytest.mark.django_db
@pytest.mark.parametrize("departement", ["975", "977", "978", "986", "987", "988"])
def test_collectivities_with_taxes_of_their_own_have_no_french_rate(departement):
    town = town_in(departement)
    assert not vat.rates_in({departement})
    assert "taxes locales" in vat.why_not(2000, {departement})
    due = ask(OfficeFactory(organization=town, vat_regime=VatRegime.NOT_LIABLE))
    assert due.vat_regime == VatRegime.NO_VAT_THERE


@pytest.mark.django_db
def test_what_is_due_in_mayotte_bears_no_vat_and_its_invoice_says_why():
    office = OfficeFactory(vat_regime=VatRegime.LIABLE, vat_number="FR1", vat_rate=2000)
    there = PlaceFactory(owner=office.organization, commune=commune_in("976"))
    company = OrganizationFactory(kind=OrganizationKind.COMPANY)
    payer = Payer(company.name, organization=company)
    due = ask(office, Line(LineKind.HIRE, "Salle", 12000, 2000), place=there, payer=payer)
    assert (due.vat_regime, due.lines.get().vat_rate) == (VatRegime.NO_VAT_THERE, 0)
    pay(due)
    issuing.issue(Due.objects.get(pk=due.pk))
    invoice = papers.invoice_of(due.papers.get(kind=PaperKind.INVOICE))
    assert (invoice.vat_cents, invoice.net_cents) == (0, 12000)
    xml = cii.xml_of(invoice)
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    said = xml.decode()
    assert "<ram:CategoryCode>O</ram:CategoryCode>" in said
    assert "TVA française non applicable sur ce territoire" in said
    assert "<ram:ExemptionReasonCode>VATEX-EU-O<" in said
    assert "RateApplicablePercent" not in said and "FR1" not in said


def test_rates_of_two_decimals_split_to_the_cent():
    for rate in ("8.5", "1.75", "1.05", "0.9"):
        lines = [figures.Line("Salle", cents, Decimal(rate)) for cents in (1, 333, 10850)]
        [share] = figures.split(lines, figures.TAXED)
        assert share.net_cents + share.vat_cents == 11184
        assert abs(share.net_cents * Decimal(rate) / 100 - share.vat_cents) <= 1
