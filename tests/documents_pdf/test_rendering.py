"""What the layout makes of data: accessible, archival, and nobody's markup."""

import io
import random
import time

import pikepdf
import pytest
from pypdf import PdfReader

from preau.documents import rendering
from tests.documents_pdf.agreement import AT, OCCUPANT, OWNER, TEMPLATE, TEXT, data


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_same_data_gives_the_same_bytes(rendered):
    assert rendering.render(TEMPLATE, data(), at=AT) == rendered


def test_every_page_says_it_is_a_trial_and_its_number(rendered):
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(rendered)).pages]
    assert len(pages) > 1
    for rank, page in enumerate(pages, start=1):
        assert "ESSAI, sans valeur" in page
        assert f"Page {rank} sur {len(pages)}" in page


def test_a_document_that_is_no_trial_does_not_say_so():
    assert "ESSAI" not in text_of(rendering.render(TEMPLATE, data(), at=AT, trial=False))


HOSTILE = '#emph[x] $a$ *gras* _it_ <zone> @ref \\ // [x] #{1+1} "q" `code` #sys.inputs'


def test_what_people_type_is_never_markup():
    articles = [{"title": HOSTILE, "text": HOSTILE}]
    shown = text_of(rendering.render(TEMPLATE, data(articles=articles), at=AT)).replace("\n", " ")
    for piece in ("#emph[x]", "$a$", "*gras*", "_it_", "<zone>", "@ref", "//", "#{1+1}", "`code`"):
        assert shown.count(piece) == 2, piece


@pytest.mark.parametrize(
    "typed",
    ["😀 漢字 \u200b\u202e ﷽", "\x00\x07\ud800", "\ue000", "e\u0301te\u0301", "\ufffe", "a\tb"],
)
def test_any_character_can_be_printed(typed):
    articles = [{"title": typed, "text": typed}]
    assert rendering.render(TEMPLATE, data(title=typed, articles=articles), at=AT)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'association d'ici", "l’association d’ici"),
        ("Pourquoi ? Si : oui !", "Pourquoi\u00a0? Si\u00a0: oui\u00a0!"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("https://ville.example:8000/?a=1", "https://ville.example:8000/?a=1"),
        ("漢", "□"),
        ("ligne\r\nligne", "ligne\nligne"),
    ],
)
def test_french_typography(typed, printed):
    assert rendering.tidy({"a": [typed]}) == {"a": [printed]}


def test_boxes_say_where_each_one_signs(rendered):
    boxes = rendering.boxes(TEMPLATE, data(), at=AT)
    assert set(boxes) == {OWNER, OCCUPANT}
    last = len(PdfReader(io.BytesIO(rendered)).pages)
    assert {box.page for box in boxes.values()} == {last}
    assert boxes[OWNER].x + boxes[OWNER].width < boxes[OCCUPANT].x
    assert boxes[OWNER].y == boxes[OCCUPANT].y


@pytest.mark.parametrize(
    "name", ["exemple.typ", "../x/y.typ", "documents/absent.typ", "documents/../a.typ"]
)
def test_only_a_room_s_template_is_read(name):
    with pytest.raises(ValueError, match="no template"):
        rendering.render(name, {}, at=AT)


def test_fonts_are_ours_and_embedded(rendered):
    with pikepdf.open(io.BytesIO(rendered)) as file:
        names = {str(one.FontName) for one in file.objects if _is_descriptor(one)}
        files = [one for one in file.objects if _is_descriptor(one) and "/FontFile2" in one]
    assert {name.partition("+")[2].partition("-")[0] for name in names} == {
        "SourceSans3",
        "SourceSerif4",
    }
    assert len(files) == len(names)


def _is_descriptor(one):
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"


def test_a_second_rendering_costs_less_than_a_tenth_of_a_second(rendered):
    spent = []
    for rank in range(5):
        start = time.process_time()
        rendering.render(TEMPLATE, data(reference=f"CONV-{rank}"), at=AT)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.1


PIECES = (
    TEXT,
    "- " + "un point " * 12 + "\n- deux" * 7,
    "Court.\n- a\nsuite\n- c",
    "",
)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_falls_on_a_page_break_renders(seed):
    draw = random.Random(seed)
    articles = [
        {
            "title": draw.choice(["Objet", "", "Long titre " * 12]),
            "text": "\n\n".join(draw.choices(PIECES, k=3)),
        }
        for _ in range(draw.randint(0, 14))
    ]
    lines = [["Ligne " * draw.randint(1, 60), "1", "2"]] * draw.randint(0, 40)
    zones = [
        {"label": f"zone{rank}", "name": "Nom " * draw.randint(1, 40), "quality": ""}
        for rank in range(draw.randint(0, 5))
    ]
    assert rendering.render(TEMPLATE, data(articles=articles, lines=lines, zones=zones), at=AT)
