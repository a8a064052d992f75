"""The night's part: files of open data."""

from __future__ import annotations

from procrastinate.contrib.django import app

from preau.directory.open_data import exporting


@app.periodic(cron="10 3 * * *")
@app.task(name="directory.export_open_data", queueing_lock="directory.export_open_data")
def export_open_data(timestamp: int) -> int:
    """Each file at its fixed address, anew; run twice, it writes the same."""
    return exporting.make_all()
