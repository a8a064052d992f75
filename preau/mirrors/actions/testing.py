"""Trying a key on somebody's click: three seconds, and one sentence."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.mirrors.models import Mirror
from preau.mirrors.perms import require
from preau.mirrors.servers import ON_CLICK, linked
from preau.mirrors.troubles import MET, Trouble, told


def test(mirror: Mirror, *, actor: Actor) -> Trouble | None:
    """What is wrong with the document or the key; None when all is well.

    Outside any transaction: it calls Grist.
    """
    require(actor, "mirror.write", mirror)
    try:
        with linked(mirror, timeout=ON_CLICK) as link:
            link.ask(lambda document: document.tables())
    except MET as error:
        return told(error)
    return None
