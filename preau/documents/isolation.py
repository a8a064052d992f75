"""Verification of a stranger's file in a process of its own, with little memory and time.

A file of 20 MB may unfold into gigabytes, or keep a parser busy for hours: the process dies then,
and not the site.
"""

from __future__ import annotations

import json
import logging
import resource
import subprocess  # nosec
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings

from preau.documents.verification import Report, Signature, Verdict, sha256_of, verify

_log = logging.getLogger(__name__)
MEMORY = 1_500_000_000
CPU_SECONDS = 20
WALL_SECONDS = 45


def verify_apart(pdf: bytes) -> Report:
    """As `verification.verify`, for a file that anybody may have made."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "preau.documents.isolation"],
            input=pdf,
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=WALL_SECONDS,
            check=True,
        )
        return _read(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        # Of the file, or of us: the kind of error tells; its words may quote the file.
        lines = (getattr(error, "stderr", None) or b"").decode(errors="replace").split("\n")
        kinds = [line.partition(":")[0] for line in lines if line and not line.startswith(" ")]
        _log.warning("verification ended early: %s %s", type(error).__name__, kinds[-1:])
        return Report(Verdict.DAMAGED, sha256_of(pdf))


def _read(told: dict[str, Any]) -> Report:
    signatures = told.pop("signatures")
    return Report(
        verdict=Verdict(told["verdict"]),
        sha256=told["sha256"],
        trial=told["trial"],
        sealed_at=_instant(told["sealed_at"]),
        signatures=tuple(
            Signature(**one | {"at": _instant(one["at"]), "lines": tuple(one["lines"])})
            for one in signatures
        ),
    )


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    report = verify(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(asdict(report), default=str))


if __name__ == "__main__":
    main()
