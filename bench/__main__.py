"""`make bench`: every measure of the country, or those whose name starts as asked (`ONLY=reads`).

The measures marked "demo" work on the demonstration's database (or that of DATABASE_URL) and run
only when named. One line a figure: `bench <name> <value> <unit>`; all of them go to a JSON file.
By hand, on a server that runs already: `python -m bench --var <its folder> reads`.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

#: Name → (module with a `main`, what it works on). A country's `main` takes the Country; that of
#: projects has a country, and a server, of its own.
MEASURES = {
    "reads": ("bench.reads", "country"),
    "writes": ("bench.writes", "country"),
    "http": ("bench.http", "country"),
    "peer": ("bench.peer", "country"),
    "capacity": ("bench.capacity", "country"),
    "growth": ("bench.growth", "country"),  # last: it rebuilds the index
    "projects": ("bench.projects.measuring", "projects"),
    "territories": ("bench.territories", "demo"),
    "siting": ("bench.siting", "demo"),
    "pages": ("bench.pages", "demo"),
    "documents": ("bench.documents", "demo"),
    "timetables": ("bench.timetables", "demo"),  # works on nothing but a seed
    "outside": ("bench.outside", "demo"),  # in a database of the tests
}


def main(words: list[str]) -> int:
    options = _options(words)
    if options.var:
        os.environ.setdefault("DATABASE_URL", url_of(Path(options.var)))
    wanted = tuple(options.only)
    chosen = {name: kind for name, (_, kind) in MEASURES.items() if _is_wanted(name, kind, wanted)}
    if not chosen:
        sys.stderr.write(f"Nothing is called so; there are: {', '.join(MEASURES)}\n")
        return 1
    if not _connected():
        return 1
    for name, kind in chosen.items():
        measure = import_module(MEASURES[name][0]).main
        if kind == "demo":
            measure()
        elif kind == "projects":
            measure(_projects(Path(options.var), wanted))
        else:
            measure(_country(Path(options.var), wanted))
    _save(options, wanted)
    return 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--var", default="", help="the folder of a country whose server runs")
    parser.add_argument("--json", default="", help="where the figures go")
    parser.add_argument("only", nargs="*", help="names or beginnings of names")
    return parser.parse_args(words)


def url_of(var: Path) -> str:
    """The address of the server in that folder, on its private socket."""
    return f"postgresql://preau@/preau?host={quote(str(var / 'run'), safe='/')}"


def _is_wanted(name: str, kind: str, wanted: tuple[str, ...]) -> bool:
    if not wanted:
        return kind == "country"
    return any(name.startswith(word) or word.startswith(f"{name}.") for word in wanted)


def _connected() -> bool:
    import django
    from django.db import OperationalError, connection

    django.setup()
    try:
        connection.ensure_connection()
    except OperationalError as error:
        sys.stderr.write(
            f"No database ({str(error).strip()}): `make bench` starts one for the country; "
            "for the demonstration's measures, start `make demo` or set DATABASE_URL.\n"
        )
        return False
    return True


def _country(var: Path, wanted: tuple[str, ...]) -> object:
    from bench.country import read

    return read(var, os.environ["DATABASE_URL"], wanted)


def _projects(var: Path, wanted: tuple[str, ...]) -> object:
    from bench.projects import read

    return read(var, os.environ["DATABASE_URL"], wanted)


def _save(options: argparse.Namespace, wanted: tuple[str, ...]) -> None:
    from bench.figures import save

    if options.json:
        save(Path(options.json), {"only": list(wanted)})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
