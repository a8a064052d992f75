"""Tables that people send: whatever spreadsheet wrote them, within limits, or one clear sentence."""

import io
import random
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from preau.core.errors import Refusal
from preau.core.tables import reading, writing
from preau.core.tables.cells import Unreadable, cents_of, clean, day_of, whole_of
from preau.core.tables.columns import Column, guess, refuse_missing
from preau.core.tables.reading import MEGABYTE, decoded, read, rows_of, separator_of, sheets

COLUMNS = (
    Column("name", "Nom du projet", needed=True, aliases=("projet", "intitulé")),
    Column("budget", "Budget", aliases=("montant", "coût total")),
)


def book(*rows, hidden=False, **sheets_of):
    made = Workbook()
    made.active.title = "Projets"
    for row in rows:
        made.active.append(row)
    for title, lines in sheets_of.items():
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
    if hidden:
        made.active.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def table(content, **options):
    found = read(content, most_bytes=5 * MEGABYTE, **options)
    return found.headings, [(row.number, row.cells) for row in found.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_csv_in_any_dress(encoding, separator):
    text = f"Nom{separator}Côté\r\n\r\nÉcole{separator}“vert” – 3\r\n"
    assert table(text.encode(encoding)) == (["Nom", "Côté"], [(3, ["École", "“vert” – 3"])])


def test_a_workbook_reads_as_people_see_it():
    content = book(
        ["Nom", "INSEE", "Début", "Vu", "Prix", "Oui"],
        ["École", 38185, date(2027, 3, 12), datetime(2027, 3, 12, 18, 30), 12.5, True],
        [],
        ["  Halle \n couverte", "01004", None, None, 25000.0, False],
    )
    assert table(content)[1] == [
        (2, ["École", "38185", "2027-03-12", "2027-03-12 18:30", "12,5", "oui"]),
        (4, ["Halle couverte", "01004", "", "", "25000", "non"]),
    ]


def test_sheets_are_chosen_by_name_and_hidden_ones_are_left():
    content = book(["Secret"], ["1"], hidden=True, Suite=[["Nom"], ["École"]])
    assert sheets(content) == ["Suite"]
    assert table(content) == (["Nom"], [(2, ["École"])])
    assert table(content, sheet="Suite")[0] == ["Nom"]
    with pytest.raises(Refusal, match="pas cette feuille"):
        table(content, sheet="Projets")
    assert sheets(b"a;b") == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vide"),
        (b"\n\n;;\n", "vide"),
        (b"PK\x03\x04broken", "classeur lisible"),
        (b"\xd0\xcf\x11\xe0\0\0", "ancien format .xls"),
        (b"\0\1\2", "pas un CSV"),
        (b";".join([b"a"] * 201), "200 colonnes"),
        (b"x" * (MEGABYTE + 1), "plus de 1\u00a0Mo"),
    ],
)
def test_what_is_no_table_says_what_to_do(content, sentence):
    with pytest.raises(Refusal, match=sentence):
        list(read(content, most_bytes=MEGABYTE).rows)


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not closed")
        archive.writestr("[Content_Types].xml", "<a")
    with pytest.raises(Refusal, match="classeur lisible"):
        table(out.getvalue())


def test_a_small_workbook_may_not_unfold_without_end(monkeypatch):
    content = book(["Nom"], *[["a" * 1000]] * 500)
    monkeypatch.setattr(reading, "MOST_UNFOLDED", 10_000)
    with pytest.raises(Refusal, match="trop grand"):
        table(content)


def test_an_unclosed_quote_names_its_line():
    huge = "a;b\n1;2\n" + '3;"' + "x" * 200_000
    with pytest.raises(Refusal, match="Après la ligne 2"):
        list(rows_of(huge))


def test_what_is_written_is_read_again():
    rows = [["=1+1", 12.5, date(2027, 3, 12), None], ["a;b", 3, "« c »", "-4"]]
    lines = "".join(writing.csv_lines(["A", "B", "C", "D"], rows)).encode()
    expected = [["=1+1", "12,5", "12/03/2027", ""], ["a;b", "3", "« c »", "-4"]]
    assert [cells for _, cells in table(lines)[1]] == expected
    sheet = b"".join(writing.xlsx_chunks("A", ["A", "B", "C", "D"], rows))
    assert table(sheet)[1][0][1] == ["=1+1", "12,5", "2027-03-12"]


def test_columns_are_guessed_once_each_and_remembered():
    headings = ["INTITULÉ", "Coût total (€)", "projet", "Montant"]
    assert guess(headings, COLUMNS) == ["name", "budget", "", ""]
    remembered = {"cout total": "budget", "montant": "", "projet": "gone"}
    assert guess(["Coût total", "Montant", "Projet"], COLUMNS, remembered) == ["budget", "", ""]
    with pytest.raises(Refusal, match="Nom du projet"):
        refuse_missing(["budget"], COLUMNS)
    with pytest.raises(Refusal, match="double : Budget"):
        refuse_missing(["name", "budget", "budget"], COLUMNS)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("25000", 2_500_000),
        ("25 000,50 €", 2_500_050),
        ("25\u202f000 € HT", 2_500_000),
        ("25.000,50", 2_500_050),
        ("25,000.50", 2_500_050),
        ("150.000", 15_000_000),
        ("1.234.567", 123_456_700),
        ("25 k€", 2_500_000),
        ("1,2 M€", 120_000_000),
        ("1.234 M€", 123_400_000),
        ("0", 0),
        ("1.5e3", None),
        ("-5", None),
        ("environ 10", None),
        ("", None),
        ("99 999 M€", None),
        ("٣", None),
    ],
)
def test_amounts_as_people_write_them(text, cents):
    if cents is None:
        with pytest.raises(Unreadable):
            cents_of(text)
    else:
        assert cents_of(text) == cents


def test_any_amount_written_in_french_is_read_back():
    drawn = random.Random(7)
    for _ in range(500):
        cents = drawn.randrange(0, 10 ** drawn.randrange(1, 12))
        whole = f"{cents // 100:,}".replace(",", drawn.choice([" ", "\u202f", "\u00a0", ""]))
        assert cents_of(f"{whole},{cents % 100:02}{drawn.choice(['', ' €', ' euros'])}") == cents


def test_cells():
    assert clean("'=1") == "=1"
    assert clean(" a\r\n b\t") == "a b"
    assert whole_of("2 027") == whole_of("2027,0") == 2027
    assert day_of("2027-03-12 00:00") == day_of("12/03/27") == day_of("ven. 12 mars 2027")
    with pytest.raises(Unreadable):
        day_of("31/02/2027")
    assert separator_of("a,b;c;d\n,,,,") == ";"
    assert decoded("é".encode("cp1252")) == "é"


def test_large_amounts_keep_all_their_figures():
    lines = "".join(writing.csv_lines(["Montant"], [[1_234_567.89], [1_250_000.0], [0.5]]))
    assert lines.split("\r\n")[1:4] == ["1234567,89", "1250000", "0,5"]


def test_a_year_that_is_a_slip_is_not_read():
    for typed in ("12/03/0027", "0001-01-01", "31 décembre 9999"):
        with pytest.raises(Unreadable, match="lisible"):
            day_of(typed)


def test_a_sum_of_money_keeps_its_cents():
    lines = list(writing.csv_lines(["Somme"], [[Decimal(9200).scaleb(-2)], [Decimal(-5)]]))
    assert lines[1:] == ["92,00\r\n", "-5\r\n"]
