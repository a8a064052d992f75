"""Values of a prefilling, by properties and by what the service is known to read."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preau.integrations.demarches.champs import (
    Champ,
    Commune,
    Epci,
    Refusal,
    Unfit,
    Why,
    key_of,
    prefilling,
    takes,
    written,
)


def champ(kind, **more):
    return Champ("Q2hhbXAtMQ==", kind, "x", **more)


REGION = {"options": ("84", "11")}
TWO = {"options": ("Eau", "École")}


@pytest.mark.parametrize(
    ("one", "value", "sent"),
    [
        (champ("Text"), "École", "École"),
        (champ("IntegerNumber"), -3, "-3"),
        (champ("DecimalNumber"), Decimal("12.50"), "12.50"),
        (champ("DecimalNumber"), 1e-7, "0.0000001"),
        (champ("DecimalNumber"), Decimal("1E+6"), "1000000"),
        (champ("DecimalNumber"), 3, "3"),
        (champ("Date"), date(2026, 3, 1), "2026-03-01"),
        (
            champ("Datetime"),
            datetime.fromisoformat("2026-03-01T08:30:00-04:00"),
            "2026-03-01T12:30:00+00:00",
        ),
        (champ("YesNo"), False, "false"),
        (champ("Checkbox"), True, "true"),
        (champ("Civilite"), "M.", "M."),
        (champ("DropDownList", **TWO), "Eau", "Eau"),
        (champ("DropDownList", other=True, **TWO), "Air", "Air"),
        (champ("MultipleDropDownList", **TWO), ("École", "Eau"), ["École", "Eau"]),
        (champ("Region", **REGION), "84", "84"),
        (champ("Departement"), "2A", "2A"),
        (champ("Pays"), "FR", "FR"),
        (champ("Commune"), Commune("80000", "80021"), ["80000", "80021"]),
        (champ("Commune"), Commune("80000"), ["80000"]),
        (champ("Commune"), Commune("20090", "2A004"), ["20090", "2A004"]),
        (champ("Epci"), Epci("80", "248000531"), ["80", "248000531"]),
        (champ("Siret"), "13002526500013", "13002526500013"),
        (champ("DossierLink"), 1234, "1234"),
    ],
    ids=str,
)
def test_each_type_has_its_writing(one, value, sent):
    assert written(one, value) == sent
    assert takes(one, sent)


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("IntegerNumber", "trois"),
        ("Date", "12/03/2027"),
        ("Commune", "Voiron"),
        ("Text", ["38500", "38563"]),
        ("DropDownList", "Air"),
        ("MultipleDropDownList", ["Eau", "Air"]),
        ("Carte", "x"),
    ],
)
def test_a_champ_that_became_another_keeps_nothing(kind, sent):
    assert not takes(champ(kind, **TWO), sent)


@pytest.mark.parametrize(
    ("one", "value", "why"),
    [
        (champ("Text"), "", Why.EMPTY),
        (champ("Text"), "  ", Why.EMPTY),
        (champ("Text"), None, Why.EMPTY),
        (champ("Text"), 3, Why.FORMAT),
        (champ("IntegerNumber"), 3.0, Why.FORMAT),
        (champ("IntegerNumber"), True, Why.FORMAT),
        (champ("IntegerNumber"), "3", Why.FORMAT),
        (champ("DecimalNumber"), float("nan"), Why.FORMAT),
        (champ("DecimalNumber"), Decimal("Infinity"), Why.FORMAT),
        (champ("DecimalNumber"), True, Why.FORMAT),
        (champ("DecimalNumber"), Decimal("1E+1000000"), Why.FORMAT),
        (champ("DecimalNumber"), Decimal("1E-1000000"), Why.FORMAT),
        (champ("Date"), datetime(2026, 1, 1, tzinfo=UTC), Why.FORMAT),
        (champ("Date"), "2026-01-01", Why.FORMAT),
        (champ("Datetime"), datetime(2026, 1, 1), Why.FORMAT),
        (champ("Datetime"), date(2026, 1, 1), Why.FORMAT),
        (champ("Datetime"), datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), Why.FORMAT),
        (champ("YesNo"), 1, Why.FORMAT),
        (champ("Civilite"), "Monsieur", Why.FORMAT),
        (champ("DropDownList", **TWO), "Air", Why.NOT_OFFERED),
        (champ("MultipleDropDownList", **TWO), ["Eau", "Air"], Why.NOT_OFFERED),
        (champ("MultipleDropDownList", **TWO), "Eau", Why.FORMAT),
        (champ("MultipleDropDownList", **TWO), [], Why.EMPTY),
        (champ("Region", **REGION), "75", Why.NOT_OFFERED),
        (champ("Region"), "Bretagne", Why.FORMAT),
        (champ("Commune"), Commune("8000"), Why.FORMAT),
        (champ("Commune"), Commune("80000", "Amiens"), Why.FORMAT),
        (champ("Commune"), ["80000"], Why.FORMAT),
        (champ("Epci"), Epci("80", "2480"), Why.FORMAT),
        (champ("Epci"), Epci("Somme", "248000531"), Why.FORMAT),
        (champ("Siret"), "1300252650001", Why.FORMAT),
        (champ("Siret"), "١٣٠٠٢٥٢٦٥٠٠٠١٣", Why.FORMAT),
        (champ("PieceJustificative"), "x", Why.NOT_PREFILLABLE),
        (champ("RNA"), "W123456789", Why.NOT_PREFILLABLE),
        (champ("LinkedDropDownList"), "x", Why.NOT_PREFILLABLE),
        (champ("Nouveau"), "x", Why.NOT_PREFILLABLE),
    ],
    ids=str,
)
def test_what_the_service_would_drop_does_not_go(one, value, why):
    with pytest.raises(Unfit) as raised:
        written(one, value)
    assert (raised.value.why, str(raised.value)) == (why, why.value)


NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.floats(-1e30, 1e30),
    st.decimals(-(10**30), 10**30, places=4),
)


@given(NUMBERS)
def test_a_number_is_digits_and_keeps_its_value(number):
    sent = written(champ("DecimalNumber"), number)
    assert re.fullmatch(r"-?\d+(\.\d+)?", sent)
    assert Decimal(sent) == Decimal(str(number))


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.timezones()))
def test_a_moment_is_the_same_and_one_that_the_service_reads(moment):
    sent = written(champ("Datetime"), moment)
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}\+\d{2}:\d{2})?", sent)
    assert datetime.fromisoformat(sent) == moment.astimezone(UTC).replace(microsecond=0)


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.lists(st.text()),
    st.lists(st.dictionaries(st.text(), st.text())),
    st.dates(),
)
KINDS = [
    *["Text", "IntegerNumber", "DecimalNumber", "Date", "Datetime", "YesNo", "Civilite", "Epci"],
    *["DropDownList", "MultipleDropDownList", "Departement", "Commune", "Siret", "DossierLink"],
    *["Repetition", "Carte"],
]


@given(st.sampled_from(KINDS), ANYTHING)
def test_a_value_goes_or_is_refused_never_both_nor_neither(kind, value):
    inside = (Champ("Q2hhbXAtMg==", "Text", "y"),)
    one = champ(kind, champs=inside, **TWO)
    found = prefilling([one], {one.id: value})
    alone = [refusal for refusal in found.refused if refusal.row is None]
    assert len(found.sent) + len(alone) == 1


def test_one_value_that_does_not_go_keeps_none_of_the_others():
    number, text = Champ("Q2hhbXAtMQ==", "IntegerNumber", "x"), Champ("Q2hhbXAtMg==", "Text", "y")
    values = {"Q2hhbXAtMQ": "trois", "Q2hhbXAtMg==": "oui", "Q2hhbXAtMw==": "inconnu"}
    found = prefilling([number, text], values)
    assert found.sent == {"champ_Q2hhbXAtMg": "oui"}
    assert found.refused == (
        Refusal("Q2hhbXAtMQ", Why.FORMAT),
        Refusal("Q2hhbXAtMw==", Why.UNKNOWN),
    )


def test_rows_go_with_what_each_has_to_say():
    inside = (Champ("Q2hhbXAtMg==", "Text", "y"), Champ("Q2hhbXAtMw==", "IntegerNumber", "z"))
    one = champ("Repetition", champs=inside)
    rows = [{"Q2hhbXAtMg==": "a", "Q2hhbXAtMw==": "b"}, {"Q2hhbXAtMw==": "c"}, {"Q2hhbXAtMw==": 4}]
    found = prefilling([one], {one.id: rows})
    assert found.sent == {one.key: [{"champ_Q2hhbXAtMg": "a"}, {"champ_Q2hhbXAtMw": "4"}]}
    assert found.refused == (
        Refusal("Q2hhbXAtMw==", Why.FORMAT, 0),
        Refusal("Q2hhbXAtMw==", Why.FORMAT, 1),
    )


@pytest.mark.parametrize(
    ("number", "key"), [("Q2hhbXAtMQ==", "champ_Q2hhbXAtMQ"), ("YQ", "champ_YQ")]
)
def test_a_key_has_no_padding(number, key):
    assert key_of(number) == key
