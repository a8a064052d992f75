"""Rules of the house that no linter knows."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [room.removeprefix("preau.") for room in settings.ROOMS]
FILES_OF_A_ROOM = {"utils.py", "helpers.py", "misc.py", "signals.py", "services.py", "tests.py"}


def _templates():
    return sorted((ROOT / "preau").rglob("*.html"))


def _code():
    return [
        path for path in sorted((ROOT / "preau").rglob("*.py")) if "migrations" not in path.parts
    ]


def _having(paths, pattern):
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_is(room):
    assert (ROOT / "preau" / room / "README.md").is_file()


@pytest.mark.parametrize("kind", ["main", "payfip", "dev"])
def test_locks_name_no_host_and_pin_by_hash(kind):
    text = (ROOT / "requirements" / f"{kind}.lock").read_text()
    assert "://" not in text
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    assert [pin.split()[0] for pin in pins if "==" in pin and "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("kind", ["main", "payfip", "dev"])
def test_each_direct_dependency_has_its_reason(kind):
    lines = (ROOT / "requirements" / f"{kind}.in").read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-"))]
    assert [line for line in wanted if not re.search(r"\S\s+# \S", line)] == []


def test_no_drawer_for_odds_and_ends():
    assert [str(path) for path in _code() if path.name in FILES_OF_A_ROOM] == []


def test_migrations_are_named():
    found = (ROOT / "preau").glob("*/migrations/[0-9]*.py")
    assert [str(path.relative_to(ROOT)) for path in found if "_auto_" in path.name] == []


def test_no_script_or_style_inside_pages():
    inline = r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)(?![^>]*json)"
    pages = [path for path in _templates() if "email" not in path.parts]
    assert _having(pages, inline) == []


def test_views_are_private_to_their_room():
    private = re.compile(r"preau\.(\w+)\.(?:views|handlers|tasks)\b")
    used = {
        (path.relative_to(ROOT / "preau").parts[0], other)
        for path in _code()
        for other in private.findall(path.read_text())
    }
    assert {(room, other) for room, other in used if other not in {room, "core"}} == set()


def test_no_signal_on_every_save():
    assert _having(_code(), r"(?<!field\.)\b(post|pre)_(save|delete)\b") == []


def test_only_the_environment_module_reads_the_environment():
    paths = [*_code(), *(ROOT / "config").glob("*.py")]
    allowed = {"config/environment.py", "config/wsgi.py"}
    found = _having(paths, r"os\.(environ|getenv)")
    assert [place for place in found if place.rpartition(":")[0] not in allowed] == []


#: Pages of one week, or of the hours that come next: everything else may be of another year.
NEAR = {
    "booking/occupant/_waits.html", "booking/occupant/holds.html", "desk/planning/_table.html",
    "desk/day.html", "directory/hours_shown.html", "portal/components.html", "find/week.html",
    "find/line.html", "find/space_line.html",
}  # fmt: skip


def test_a_day_is_said_with_its_year():
    found = {path for path in _templates() if "|jour_court" in path.read_text()}
    assert {str(path).split("/templates/")[1] for path in found} == NEAR


def test_a_day_is_of_a_place_not_of_greenwich():
    """`clock.today(zone)`: for the first hour or two of a day in Paris, UTC is a day behind."""
    found = _having(_code(), r"now\(\)\.date\(\)")
    assert [line for line in found if "/portal/demo/" not in line] == []
