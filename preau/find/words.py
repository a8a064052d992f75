"""Words of the public pages that come from several fields."""

from __future__ import annotations

from preau.core import formats
from preau.places.enums import ApprovalMode, UserCategory
from preau.places.models import Space


def price_words(space: Space) -> str:
    """« Gratuit », « Tarif sur demande », « Sur demande, dès 25,00 € » where no tariff holds."""
    if space.price_from_cents is None:
        return "Tarif sur demande"
    if space.price_from_cents == 0:
        return "Gratuit"
    return f"Sur demande, dès {formats.euros(space.price_from_cents)}"


def approval_words(space: Space) -> str:
    """What happens after asking, and who must act."""
    if space.approval == ApprovalMode.IMMEDIATE:
        return "Votre réservation est confirmée tout de suite."
    hours = space.response_hours
    delay = formats.duration(hours * 60) if hours < 48 else formats.count(hours // 24, "jour")
    return f"{space.place.owner} répond à votre demande sous {delay}."


def notice_words(space: Space) -> str:
    """From when and until when one may ask."""
    latest = f"jusqu’à {formats.count(space.horizon_days, 'jour')} à l’avance"
    if not space.lead_minutes:
        return latest.capitalize()
    return f"Au moins {formats.duration(space.lead_minutes)} avant, et {latest}"


def length_words(space: Space) -> str:
    """« De 1 h à 12 h »"""
    shortest, longest = (formats.duration(one) for one in (space.min_minutes, space.max_minutes))
    return shortest if shortest == longest else f"De {shortest} à {longest}"


def wall_words(minute: int) -> str:
    """« 18 h 30 », « minuit » at the end of a day"""
    if minute and minute % 1440 == 0:
        return "minuit"
    hours, rest = divmod(minute % 1440, 60)
    return f"{hours}{formats.NBSP}h" + (f"{formats.NBSP}{rest:02d}" if rest else "")


def audience_words(space: Space) -> str:
    """« Tout le monde », « Associations, particuliers »"""
    if set(space.categories) >= set(UserCategory.values):
        return "Tout le monde"
    names = [str(UserCategory(one).label) for one in space.categories]
    return ", ".join(names).capitalize() or "Personne pour le moment"
