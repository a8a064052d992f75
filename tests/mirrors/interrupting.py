"""A body of rows that arrives, and whose answer does not come back."""

from fakes.misbehaving import door
from preau.mirrors.syncing import sending


def spoil_body(monkeypatch, url, mood, at):
    """Spoil the answer to the nth body of rows: the server has it, we do not know."""
    real, seen = sending._upsert, []

    def sent(table, body, document):
        seen.append(body.rows)
        if len(seen) == at:
            door(url, f"/_mood/{mood}?times=1")
        return real(table, body, document)

    monkeypatch.setattr(sending, "_upsert", sent)
    return seen
