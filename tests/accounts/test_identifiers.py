"""Public numbers: Luhn against a naive count, La Poste's exception, a commune's SIREN."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preau.accounts.identifiers import (
    LA_POSTE,
    digits,
    is_rna,
    is_siren,
    is_siren_of_commune,
    is_siret,
    luhn,
)


def naive_luhn(number):
    """As one does by hand: double every second digit from the right, add all the digits."""
    written = ""
    for rank, digit in enumerate(number[::-1], start=1):
        written += str(int(digit) * 2) if rank % 2 == 0 else digit
    return sum(int(digit) for digit in written) % 10 == 0


@given(st.text("0123456789", min_size=1, max_size=20))
def test_luhn_is_the_count_by_hand(number):
    assert luhn(number) == naive_luhn(number)


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 12), st.integers(1, 9))
def test_luhn_sees_any_single_wrong_digit(start, place, shift):
    whole = next(start + str(key) for key in range(10) if luhn(start + str(key)))
    wrong = str((int(whole[place]) + shift) % 10)
    assert not luhn(whole[:place] + wrong + whole[place + 1 :])


@pytest.mark.parametrize("number", ["732829320", "213801855", "356000000"])
def test_real_siren(number):
    assert is_siren(number)


@pytest.mark.parametrize("number", ["732829321", "000000000", "73282932", "73282932A", "٧٣٢٨٢٩٣٢٠"])
def test_wrong_siren(number):
    assert not is_siren(number)


def test_siret_of_la_poste_may_escape_luhn():
    counter = LA_POSTE + "00001"  # the sum of the digits is 15
    assert not luhn(counter)
    assert is_siret(counter)
    assert not is_siret(LA_POSTE + "00002")
    assert is_siret(LA_POSTE + "00048"), "its head office passes Luhn"


@pytest.mark.parametrize("number", ["73282932000074", "21380185500015"])
def test_real_siret(number):
    assert is_siret(number)


def test_rna():
    assert is_rna("W381234567")
    assert is_rna("W9C1234567")
    assert not is_rna("W38123456")
    assert not is_rna("381234567")


def test_what_people_type_between_groups_is_dropped():
    assert digits("732 829 320\u00a000\u202f074") == "73282932000074"


@pytest.mark.parametrize(
    ("siren", "insee"),
    [
        ("213801855", "38185"),
        ("212000046", "2A004"),
        ("219740115", "97411"),
        ("200054807", "38185"),
    ],
)
def test_siren_of_a_commune(siren, insee):
    assert is_siren_of_commune(siren, insee)


def test_siren_of_another_commune():
    assert not is_siren_of_commune("213801855", "38421")
    assert not is_siren_of_commune("732829320", "38185")
