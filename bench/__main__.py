"""`make bench`: every measure, or those whose name starts as asked (`make bench ARGS=pages`).

On the database of DATABASE_URL, or on the demonstration's while it runs. One line a figure:
`bench <name> <value> <unit>`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.db import OperationalError, connection  # noqa: E402

from bench import documents, pages, territories  # noqa: E402

MEASURES = {
    "territories": territories.main,
    "pages": pages.main,
    "documents": documents.main,
}


def main(wanted: list[str]) -> int:
    try:
        connection.ensure_connection()
    except OperationalError:
        sys.stderr.write("No database: start `make demo` in another window, or set DATABASE_URL.\n")
        return 1
    for name, measure in MEASURES.items():
        if not wanted or any(name.startswith(word) for word in wanted):
            measure()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
