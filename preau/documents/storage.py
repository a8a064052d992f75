"""Where bytes lie on a disk: a file appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class AtomicFileSystemStorage(FileSystemStorage):
    """Write beside, flush to the disk, rename: a crash leaves no half file under a final name."""

    def _save(self, name: str, content: File[Any]) -> str:
        final = Path(self.path(name))
        final.parent.mkdir(parents=True, exist_ok=True)
        beside = final.with_name(f".{final.name}.{secrets.token_hex(6)}")
        try:
            with beside.open("xb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            beside.replace(final)
        finally:
            beside.unlink(missing_ok=True)
        return name

    def kept(self) -> Iterator[tuple[str, datetime]]:
        """Every file of the store, those that a crash left half written included; since when."""
        root = Path(self.location)
        for path in root.glob("??/??/*"):
            with contextlib.suppress(FileNotFoundError):  # it has just left
                since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield str(path.relative_to(root)), since
