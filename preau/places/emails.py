"""What this room writes to people."""

from __future__ import annotations

from django.urls import reverse

from preau.notifications.emails import compose
from preau.places.enums import PlaceRoleKind
from preau.places.models import PlaceRole

MAY = {
    PlaceRoleKind.OWNER: "gérer sa fiche, ses espaces et les demandes",
    PlaceRoleKind.OPERATOR: "gérer sa fiche, ses espaces et les demandes",
    PlaceRoleKind.HEAD_OF_SCHOOL: "gérer sa fiche et ses espaces, et répondre aux demandes",
    PlaceRoleKind.CARETAKER: "consulter son planning et ses arrivées",
}


def role_given(given: PlaceRole) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    place, kind = given.place, PlaceRoleKind(given.role)
    text, html = compose(
        facts=[("Lieu", place.name), ("Votre rôle", kind.label)],
        intro=f"{place.owner} vous donne un rôle sur ce lieu. Vous pouvez maintenant {MAY[kind]}.",
        button_label="Voir le lieu",
        button_url=reverse("places:detail", args=[place.pk]),
        next_steps="Connectez-vous avec cette adresse électronique : vous recevrez un code, "
        "sans mot de passe.",
        contact=f"Si c’est une erreur, prévenez {place.owner}.",
    )
    return f"Vous avez un rôle sur le lieu « {place} »", text, html
