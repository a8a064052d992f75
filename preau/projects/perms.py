"""Who may, on projects. What one is to a project: `standing`.

HOLDER: the people of the organisation that carries it (or the person). PARTNER: somebody invited
to work on it. OBSERVER: invited to read. STATE: a service at work on it. STATE_READER: a service
that follows it. AGENT: the pair of its territory, who triage.
"""

from __future__ import annotations

from typing import Any

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.models import Membership
from preau.accounts.perms import allowed, declare
from preau.core.errors import Forbidden
from preau.projects import standing
from preau.projects.enums import ENDED
from preau.projects.models import Project

READERS = (
    Role.HOLDER,
    Role.PARTNER,
    Role.OBSERVER,
    Role.STATE,
    Role.STATE_READER,
    Role.AGENT,
)
WRITERS = (Role.HOLDER, Role.PARTNER, Role.STATE, Role.AGENT)
STATE = (Role.STATE, Role.AGENT)

declare(
    {
        # --- Filing. A draft belongs to a browser before it belongs to a person: the view answers
        # 404 unless the session, the link or the signed-in person holds it.
        "project.file": (Role.ANYONE,),
        "project.by_link": (Role.ANYONE,),
        "project.mine": (Role.SIGNED_IN,),
        # --- The sheet
        "project.read": READERS,
        "project.read_state_side": (Role.STATE, Role.STATE_READER, Role.AGENT),
        "project.edit": (Role.HOLDER, Role.STATE, Role.AGENT),
        "project.contribute": WRITERS,  # messages, files, steps, état des lieux, blockages
        "project.invite": WRITERS,
        "project.share": WRITERS,
        "project.leave": READERS,
        # --- The State's side
        "project.advise": STATE,  # recommendations: drafts, sending, suggestions
        "project.write_state_side": STATE,
        "project.triage": (Role.AGENT,),  # acknowledge, prioritise, assign, refuse, redirect
        "project.move": STATE,  # qualified, accompanied, closed
        # --- The holder's side
        "project.answer": (Role.HOLDER, Role.PARTNER),
        "project.fund": (Role.HOLDER, Role.PARTNER, Role.STATE, Role.AGENT),
        "project.review": (Role.HOLDER, Role.STATE, Role.AGENT),
        # --- Services and programmes
        "service.inbox": (Role.SIGNED_IN,),  # the view shows the hat's own service, or says no
        "service.see": (Role.MEMBER, Role.OPERATOR),  # its people, absences, rules
        "service.absence": (Role.MEMBER,),  # one's own; the verb asks more for somebody else's
        "service.manage": (Role.ADMINISTRATOR, Role.MANAGER, Role.OPERATOR),
        "pair.manage": (Role.OPERATOR,),
        "programme.read": (Role.ANYONE,),
        "programme.feedback": (Role.SIGNED_IN,),  # the verb asks for a project in it
        "programme.edit": (Role.OPERATOR,),
    }
)


def may_work(actor: Actor, action: str, project: Project) -> bool:
    """What pages ask before they show a way to write in a project: theirs, and it goes on."""
    return project.state not in ENDED and allowed(actor, action, project)


def require(actor: Actor, action: str, subject: Any) -> None:
    """Stop whoever may not: every verb of the room calls it, whatever page or machine calls it.

    The roles are read anew, so that somebody removed meanwhile is stopped.

    Raises:
        Forbidden: with the sentence the person reads.
    """
    standing.forget(actor)
    if _still_worn(actor) and allowed(actor, action, subject):
        return
    project = subject if isinstance(subject, Project) else getattr(subject, "project", None)
    if project is not None and _still_worn(actor) and allowed(actor, "project.read", project):
        raise Forbidden(
            "Vous pouvez lire ce projet, mais pas y écrire. Demandez à l’un de ses membres de"
            " changer votre rôle si vous devez y contribuer."
        )
    raise Forbidden(
        "Ce projet ne vous est pas ouvert, ou ne l’est plus. Ce que vous avez écrit n’est pas"
        " enregistré : copiez-le, puis voyez avec l’un de ses membres."
    )


def _still_worn(actor: Actor) -> bool:
    """Whether the hat is still theirs: they may have left since the page was opened."""
    if actor.membership is None:
        return True
    return Membership.objects.filter(pk=actor.membership.pk, ended_at=None).exists()
