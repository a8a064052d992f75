"""What the home page says to those who keep the library."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.core.cards import Card
from preau.core.formats import count
from preau.resources import listing

_SAID = {
    "a_relire": ("à relire", "Une autre personne les a écrites : publiez-les ou renvoyez-les."),
    "signalee": ("à vérifier", "Un lecteur signale une erreur ou une information périmée."),
    "bientot": ("à prolonger", "Sans rien faire, ces fiches cesseront d’être proposées."),
}


def to_do(request: HttpRequest) -> Card | None:
    """The most urgent of what waits."""
    actor = actor_of(request)
    if actor.user is None:
        return None
    waiting = listing.waiting(actor)
    for name, (verb, text) in _SAID.items():
        if number := waiting.get(name, 0):
            return Card(
                title=f"{count(number, 'fiche ressource', 'fiches ressources')} {verb}",
                href=f"{reverse('resources:mine')}?etat={name}",
                text=text,
                badge=("warning", "À faire"),
            )
    return None
