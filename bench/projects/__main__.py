"""Build the projects in the empty cluster of DATABASE_URL: `make bench ONLY=projects` calls it."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from bench.figures import FIGURES  # noqa: E402
from bench.projects.building import build  # noqa: E402


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.projects")
    for name in ("projects", "seed"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--json", type=Path, required=True)
    options = vars(parser.parse_args(words))
    path = options.pop("json")
    began = time.monotonic()
    about: dict[str, Any] = options | build(**options)
    about["seconds"] = {"build": round(time.monotonic() - began, 1)}
    about["figures"] = FIGURES
    path.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
