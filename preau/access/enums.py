"""Kinds of doors, and states of a code with the transitions allowed between them."""

from __future__ import annotations

from django.db.models import TextChoices


class DriverKind(TextChoices):
    """How a door takes its codes. What each can do: `drivers.TRAITS`."""

    MANUAL = "manuel", "Boîte à clés, ou clé remise en main propre"
    ZIGBEE = "zigbee2mqtt", "Serrure à clavier reliée par une passerelle Zigbee (Zigbee2MQTT)"
    NUKI = "nuki", "Serrure Nuki avec clavier"
    TTLOCK = "ttlock", "Serrure TTLock avec passerelle"
    TTLOCK_ALONE = "ttlock_seule", "Serrure TTLock sans passerelle"
    IGLOOHOME = "igloohome", "Serrure igloohome"


class GrantState(TextChoices):
    WANTED = "a_poser", "À poser"
    SET = "pose", "Actif"
    FALLBACK = "secours", "Impossible : solution de secours"
    REVOKING = "a_retirer", "À retirer"
    REVOKED = "retire", "Retiré"
    LINGERING = "subsiste", "Annulé, mais ouvre encore"
    LAPSED = "echu", "Échu"


S = GrantState

#: from → to. A state without a line is final.
TRANSITIONS: dict[GrantState, frozenset[GrantState]] = {
    S.WANTED: frozenset({S.SET, S.FALLBACK, S.REVOKING, S.REVOKED, S.LINGERING, S.LAPSED}),
    S.SET: frozenset({S.WANTED, S.REVOKING, S.REVOKED, S.LINGERING, S.LAPSED}),
    S.FALLBACK: frozenset({S.WANTED, S.REVOKING, S.REVOKED, S.LINGERING, S.LAPSED}),
    S.REVOKING: frozenset({S.REVOKED, S.LAPSED}),
    S.LINGERING: frozenset({S.LAPSED}),
}
#: Somebody is meant to come in with it.
LIVE = frozenset({S.WANTED, S.SET, S.FALLBACK})
#: Nothing is left to do, ever.
OVER = frozenset({S.REVOKED, S.LAPSED})
#: A task works on it when its moment comes.
DUE = frozenset({S.WANTED, S.REVOKING})
