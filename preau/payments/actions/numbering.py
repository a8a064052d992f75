"""Numbers without a gap: taken in the transaction that uses them, or not taken at all."""

from __future__ import annotations

from django.db import connection


def take(series: str, year: int) -> int:
    """The next number. Who else takes one in that series waits until this one is written.

    Raises:
        RuntimeError: outside a transaction, where a number could be lost.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A number is taken in the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_counter (series, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (series, year) DO UPDATE SET last = payments_counter.last + 1"
            " RETURNING last",
            [series, year],
        )
        [number] = cursor.fetchone()
    return int(number)
