"""An electronic invoice: its figures, its XML by the norm's schema, its PDF by veraPDF."""

import io
import itertools
import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pikepdf
import pytest
from facturx import get_facturx_xml_from_pdf, xml_check_xsd
from lxml import etree

from preau.documents import rendering
from preau.payments.invoicing import cii, figures, joining
from preau.payments.invoicing.figures import Invoice, Line, Party, Regime, Vat, net_lines, split
from tests.documents_pdf.agreement import AT, TEMPLATE, data
from tests.documents_pdf.judge import judged

TOWN = Party(
    "Commune de Crolles", "1 place de la Mairie", "38920", "Crolles", "21380140600013",
    vat_number="FR12213801406", email="mairie@exemple.fr",
)  # fmt: skip
BUYER = Party("Le Fournil & Fils", "2 rue du Blé", "38000", "Grenoble", "55208131766522")
TEN, TWENTY = Decimal(10), Decimal(20)
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


HALL = Line("Salle, 3 h", 6000, TWENTY)


def invoice(lines=(HALL,), regime=figures.TAXED, **more):
    return Invoice(
        **{
            "number": "2027-000012",
            "issued_on": date(2027, 3, 12),
            "seller": TOWN,
            "buyer": BUYER,
            "lines": tuple(lines),
            "regime": regime,
            "delivered_on": date(2027, 3, 20),
            "paid_cents": sum(line.cents for line in lines),
            "purpose": "Réservation R-12",
        }
        | more
    )


REGIMES = {
    "outside": figures.NOT_TAXABLE,
    "small": figures.SMALL,
    "taxed": figures.TAXED,
}


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("credit", [False, True])
def test_xml_is_what_the_schema_of_the_norm_describes(regime, credit):
    lines = [Line("Salle", 6000, TWENTY), Line("Repas", 1100, TEN), Line("Réduction", -500, TWENTY)]
    more = {"credits": "2027-000003", "credits_on": date(2027, 1, 2)} if credit else {}
    xml = cii.xml_of(invoice(lines, REGIMES[regime], **more))
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    root = etree.fromstring(xml)
    assert root.findtext(f".//{RAM}GrandTotalAmount") == "66.00"
    assert root.findtext(f".//{RAM}DuePayableAmount") == "0.00"
    assert next(one.text for one in root.iter(f"{RAM}TypeCode")) == ("381" if credit else "380")
    words = REGIMES[regime].words
    assert not words or words in xml.decode()


def test_nothing_is_said_of_vat_numbers_where_vat_has_no_place():
    """The norm refuses a number beside « outside the scope of VAT »."""
    assert b"FR12213801406" not in cii.xml_of(invoice(regime=figures.NOT_TAXABLE))
    assert b"FR12213801406" in cii.xml_of(invoice())


def test_small_seller_without_vat_number_gives_its_siret_instead():
    town = Party("Bourg", city="Bourg", siret="21380140600013")
    xml = cii.xml_of(invoice(regime=figures.SMALL, seller=town)).decode()
    assert 'schemeID="FC">21380140600013<' in xml


def brute_force(gross, rate):
    """Every VAT that is exactly the rate of what is left, by trying them all."""
    return [
        vat
        for vat in range(gross + 1)
        if int(((gross - vat) * rate / 100).quantize(Decimal(1), "ROUND_HALF_UP")) == vat
    ]


@pytest.mark.parametrize("rate", [Decimal("5.5"), TEN, TWENTY, Decimal("2.1"), Decimal("8.5")])
def test_vat_inside_a_price_against_all_that_it_could_be(rate):
    for gross in itertools.chain(range(0, 400), range(10_000, 10_040)):
        exact = brute_force(gross, rate)
        found = figures.vat_of(gross, rate)
        if exact:
            assert found in exact
        else:
            assert abs(found - Decimal(gross) * rate / (100 + rate)) <= 1


def test_lines_add_up_to_the_cent_whatever_they_are():
    chance = random.Random(7)
    for _ in range(500):
        rates = [Decimal(0), Decimal("5.5"), TEN, TWENTY]
        lines = [
            Line(f"l{rank}", chance.randint(-900, 9000), chance.choice(rates))
            for rank in range(chance.randint(1, 7))
        ]
        regime = chance.choice(list(REGIMES.values()))
        shares = split(lines, regime)
        assert sum(s.net_cents + s.vat_cents for s in shares) == sum(one.cents for one in lines)
        nets = net_lines(lines, regime)
        for share in shares:
            mine = [n for n in nets if regime.vat is not Vat.STANDARD or n.line.rate == share.rate]
            assert sum(n.net_cents for n in mine) == share.net_cents
            for net in mine:
                exact = Decimal(net.line.cents) / (1 + share.rate / 100)
                assert abs(net.net_cents - exact) < 2


def test_exempt_line_among_taxed_ones_says_why():
    xml = cii.xml_of(invoice([Line("Salle", 6000, TWENTY), Line("Bail", 4000)])).decode()
    assert figures.EXEMPT_LINE.words in xml
    assert isinstance(figures.EXEMPT_LINE, Regime)


def test_the_days_of_the_service_are_in_the_xml():
    """BG-14, its first and last day; BT-72, when it was given."""
    xml = cii.xml_of(
        invoice(served=(date(2027, 3, 18), date(2027, 3, 20)), delivered_on=date(2027, 3, 20))
    )
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    period = etree.fromstring(xml).find(f".//{RAM}BillingSpecifiedPeriod")
    assert ["".join(one.itertext()).strip() for one in period] == ["20270318", "20270320"]
    assert b"BillingSpecifiedPeriod" not in cii.xml_of(invoice())


def test_each_rate_has_its_share_and_what_pays_no_service_says_so():
    lines = [
        Line("Salle", 6000, TWENTY), Line("Repas", 1100, TEN), Line("Visite", 105, Decimal("5.5")),
        Line("Retenue", 3000, why=figures.INDEMNITY),
    ]  # fmt: skip
    xml = cii.xml_of(invoice(lines))
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    found = [
        [one.findtext(f"{RAM}{name}") for name in (
            "CategoryCode", "RateApplicablePercent", "BasisAmount", "CalculatedAmount",
            "ExemptionReason",
        )]
        for one in etree.fromstring(xml).findall(
            f".//{RAM}ApplicableHeaderTradeSettlement/{RAM}ApplicableTradeTax"
        )
    ]  # fmt: skip
    assert [(row[0], Decimal(row[1]), *row[2:]) for row in found] == [
        ("S", 20, "50.00", "10.00", None),
        ("S", 10, "10.00", "1.00", None),
        ("S", Decimal("5.5"), "1.00", "0.05", None),
        ("E", 0, "30.00", "0.00", figures.INDEMNITY),
    ]


def test_pdf_carries_its_xml_and_the_real_engine_takes_it(tmp_path):
    xml = cii.xml_of(invoice())
    pdf = joining.join(rendering.render(TEMPLATE, data(), at=AT), xml, at=AT)
    file = tmp_path / "facture.pdf"
    file.write_bytes(pdf)
    found = judged([file], profiles=("A-3A", "UA-1"))
    for profile in ("A-3A", "UA-1"):
        passes, checks, reasons = found["facture", profile]
        assert passes, reasons[:10]
        assert checks > 5_000
    name, inside = get_facturx_xml_from_pdf(io.BytesIO(pdf))
    assert (name, inside) == ("factur-x.xml", xml)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.AF[0].AFRelationship == "/Alternative"


def test_same_invoice_gives_the_same_bytes():
    at = datetime(2027, 3, 12, tzinfo=UTC)
    pdf = rendering.render(TEMPLATE, data(), at=AT)
    xml = cii.xml_of(invoice())
    assert joining.join(pdf, xml, at=at) == joining.join(pdf, xml, at=at)


def test_metadata_of_another_hand_are_refused():
    with pytest.raises(ValueError, match="PDF/A-2"):
        joining._metadata(b"<x/>")
