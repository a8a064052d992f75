"""Names as people type them: no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preau.territories import names

WORDS = st.text("abcdefghijklmnopqrstuvwxyz ", min_size=4, max_size=20).map(names.search_key)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("St-Égrève", "saint egreve"),
        ("STE FOY-LÈS-LYON", "sainte foy les lyon"),
        ("Œuilly", "oeuilly"),
        ("Villeneuve s/ Lot", "villeneuve sur lot"),
        ("  Aix   en\tProvence ", "aix en provence"),
        ("\x00<script>", "script"),
        ("", ""),
    ],
)
def test_search_key(typed, key):
    assert names.search_key(typed) == key


@pytest.mark.parametrize("typed", ["siant martin", "sant martin", "saimt martin", "saint martin"])
def test_a_mistyped_saint_is_put_right(typed):
    assert names.typed_key(typed) == "saint martin"


def test_saintes_the_town_is_left_alone():
    assert names.typed_key("Saintes") == "saintes"


def test_stem_drops_what_thousands_of_names_share():
    assert names.stem("saint martin d heres") == "martin d heres"
    assert names.stem("la rochelle") == "rochelle"
    assert names.stem("les") == "les"


@pytest.mark.parametrize("typed", ["grnoble", "grenobble", "grenible", "grenobel", "grenoble"])
def test_one_edit(typed):
    assert names.within_one_edit(typed, "grenoble")
    assert set(names.typo_keys(typed)) & set(names.typo_keys("grenoble"))


@pytest.mark.parametrize("typed", ["grnobel", "grenade", "noble"])
def test_two_edits_are_too_many(typed):
    assert not names.within_one_edit(typed, "grenoble")


def test_unfinished_name():
    assert names.within_one_edit("grnob", "grenoble", prefix=True)
    assert not names.within_one_edit("grnob", "grenoble")


@given(name=WORDS, at=st.integers(0, 19), letter=st.sampled_from("abcxyz"), kind=st.integers(0, 3))
def test_any_single_typo_shares_a_key_with_the_name(name, at, letter, kind):
    name = names.stem(name)
    if len(name) < 5:
        return
    at = at % (len(name) - 1)
    typed = [
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ][kind]
    assert names.within_one_edit(typed, name)
    if names.stem(names.search_key(typed)) == typed:
        assert set(names.typo_keys(typed)) & set(names.typo_keys(name))


def test_postcode_starts():
    assert names.postcode_starts(["38000", "38100"]) == ["380", "3800", "381", "3810"]
