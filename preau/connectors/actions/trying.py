"""« Essayer maintenant »: end a pause before its time, and ask once where that is possible."""

from __future__ import annotations

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import audit
from preau.core.errors import Forbidden, Refusal
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable
from preau.outside import calls
from preau.outside.models import ServiceState
from preau.outside.registry import OutsideService


def try_now(service: OutsideService, account: str = "", *, actor: Actor) -> str:
    """Ask it now, or let the next caller ask. What to say of it.

    Raises:
        Refusal: it is off ("off"), nothing is to be done ("nothing"), or it still fails ("down").
    """
    if not allowed(actor, "outside.watch"):
        raise Forbidden
    if not service.is_configured():
        raise Refusal(f"« {service.name} » n’est pas configuré.", code="off")
    lifted = calls.try_now(service.key, account)
    state = ServiceState.objects.filter(service=service.key, account=account).first()
    if state is not None:
        audit.record(actor, "outside.try", state, service=service.key)
    if service.trial is None or account:
        if not lifted:
            raise Refusal("Ce service n’est pas en pause : rien à lever.", code="nothing")
        return f"La pause de « {service.name} » est levée : le prochain appel dira s’il répond."
    try:
        service.trial()
    except Unavailable as error:
        raise Refusal(f"« {service.name} » {_why(error)}", code="down") from None
    except Rejected:
        pass  # it answered, and understood: it works
    return f"« {service.name} » répond."


def _why(error: Unavailable) -> str:
    if isinstance(error, calls.NotAsked):
        return "est déjà essayé par quelqu’un d’autre : revenez dans une minute."
    if isinstance(error, Throttled):
        return "répond d’attendre : trop d’appels lui ont été faits."
    if isinstance(error, Unauthorized):
        return "refuse notre clé : vérifiez-la dans les réglages."
    return "ne répond pas, ou répond autre chose que ce qui est convenu."
