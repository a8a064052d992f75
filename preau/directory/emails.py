"""What this room writes to people without an account."""

from __future__ import annotations

from django.urls import reverse

from preau.directory.enums import SignalState
from preau.directory.models import Signal
from preau.notifications.emails import compose


def signal_answered(signal: Signal) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    accepted = signal.state == SignalState.ACCEPTED
    name = signal.sheet.name if signal.sheet else str(signal.proposed.get("name", "un lieu"))
    facts = [("Lieu", name), ("Vous aviez signalé", signal.get_kind_display())]
    if signal.reason:
        facts.append(("Motif", signal.reason))
    intro = (
        "Votre signalement a été vérifié et retenu. Merci : l’annuaire est à jour."
        if accepted
        else "Votre signalement a été lu, et n’a pas été retenu."
    )
    url = reverse("directory:sheet", args=[signal.sheet.slug]) if signal.sheet else ""
    text, html = compose(
        facts=facts,
        intro=intro,
        button_label="Voir la fiche" if url else "",
        button_url=url,
        next_steps="Votre adresse électronique ne servait qu’à cette réponse : elle est effacée.",
    )
    word = "retenu" if accepted else "non retenu"
    return f"Votre signalement sur « {name} » : {word}", text, html
