"""Whether an offer answers a need, and why. Pure: no database, tested on labelled pairs.

Words are compared by their beginning and by what they speak of: « épluchures » and « biodéchets »
share no letter, both feed a compost heap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from preau.core.formats import WEEKDAYS, distance
from preau.initiatives.enums.listings import Category, Manner
from preau.territories.names import search_key

#: What things are about, whatever they are called; each word by its first letters, a short one
#: (« marc », « bois ») whole: « marché » is something else.
SUBJECTS: dict[str, str] = {
    "matière organique": "compost epluch biodechet dechet organique fumier crottin fientes tonte"
    " marc broyat methan feuilles mortes sciure",
    "denrées": "invendu denree legume fruit pain viennois conserve repas alimentaire epicerie",
    "nourriture des animaux": "poule animaux betail cochon foin fourrage lapin",
    "jardin": "jardin terreau paill semence graine plant bouture terre potager arrosoir brouette",
    "mobilier": "chaise table banc mobilier meuble etagere armoire bureau fauteuil",
    "abri de fête": "barnum chapiteau tente tonnelle",
    "outils": "outil perceuse visseuse bricol marteau scie etabli ponceuse tronconneuse",
    "bois": "palette bois planche chevron tasseau",
    "informatique": "ordinateur informati imprimante ecran numerique tablette logiciel internet",
    "salle": "salle local atelier bureau creneau gymnase reunion",
    "stockage": "stocker stockage entrepos remise garage hangar",
    "transport de choses": "camion utilitaire livrer livraison fourgon remorque transport"
    " triporteur demenag",
    "transport de personnes": "covoitur minibus voiture navette accompagn",
    "vélo": "velo cycle bicyclette cargo",
    "travaux": "macon charpent menuis plomb electric peintre peinture chantier renov carrel",
    "couture": "couture tissu couturi machine coudre textile vetement",
    "écriture et gestion": "comptab secretar redac courrier dossier administrat juridi subvention",
    "cuisine": "cuisine cuisini traiteur four marmite",
    "son et image": "sono micro enceinte projecteur video eclairage amplif",
    "musique": "musique guitare piano chorale instrument batterie",
    "langues": "anglais francais langue traduct interpret alphabet espagnol",
    "enfants": "enfant jouet puericult poussette devoirs scolaire bebe",
}
_STOP = frozenset(
    word
    for line in (
        "avec pour dans sans plus tous tout toute toutes chez entre leur leurs notre votre nous",
        "vous semaine semaines jour jours mois matin soir apres midi cherche cherchons propose",
        "proposons donne donnons prete pretons offre besoin besoins recherche recherchons",
        "disponible disponibles environ petit petite grand grande petits petites grands grandes",
        "bonjour merci contact commune quartier association collectif habitant habitants venir",
        "chercher recuperer donner recevoir prendre faire fois autre autres encore etat bon bonne",
        "etre avoir quelques plusieurs heure heures lundi mardi mercredi jeudi vendredi samedi",
        "dimanche kilo kilos litre litres echange echanger preter pret utile utiles projet",
        "projets place places lieu",
    )
    for word in line.split()
)
_AMOUNT = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(kg|kilos?|kilogrammes?|g|grammes?|tonnes?|t|litres?|l|m3|m2|h|heures?)\b"
)
_UNITS = {
    "kg": ("kg", 1.0),
    "kilo": ("kg", 1.0),
    "kilos": ("kg", 1.0),
    "g": ("kg", 0.001),
    "t": ("kg", 1000.0),
    "tonne": ("kg", 1000.0),
    "tonnes": ("kg", 1000.0),
    "l": ("litres", 1.0),
    "litre": ("litres", 1.0),
    "litres": ("litres", 1.0),
    "m3": ("m³", 1.0),
    "m2": ("m²", 1.0),
    "h": ("heures", 1.0),
    "heure": ("heures", 1.0),
    "heures": ("heures", 1.0),
}
_A_MONTH = {"jour": 30.0, "semaine": 4.33, "quinzaine": 2.17, "mois": 1.0, "an": 1 / 12}
#: From here on, two listings are shown to each other.
ENOUGH = 50


@dataclass(frozen=True, slots=True)
class Words:
    """What is compared of a listing."""

    category: str
    manner: str
    title: str
    text: str
    quantity: str
    when: str
    is_recurring: bool
    radius_km: int

    @property
    def words(self) -> str:
        return search_key(f"{self.title} {self.text}")


@dataclass(frozen=True, slots=True)
class Fit:
    """How well, from 0 to 100, and why, in words that both read."""

    score: int
    reasons: tuple[str, ...]


def fit(offer: Words, need: Words, km: float) -> Fit | None:
    """None when the two have nothing to do with each other, whatever else is near."""
    if km > max(offer.radius_km, need.radius_km) or not _manners_meet(offer, need):
        return None
    shared, subjects = _shared(offer, need)
    if not shared and not subjects:
        return None
    if offer.category != need.category and not (shared and subjects):
        return None
    score, reasons = 20 if offer.category == need.category else 5, []
    if offer.category == need.category:
        reasons.append(f"Même catégorie : {Category(offer.category).label.lower()}")
    if subjects:
        score += 30
        reasons.append(f"Il s’agit des deux côtés de : {', '.join(subjects[:2])}")
    if shared:
        score += min(30, 15 * len(shared))
        reasons.append("Mots en commun : " + ", ".join(f"« {one} »" for one in shared[:3]))
    score += round(15 * (1 - km / max(offer.radius_km, need.radius_km)))
    reasons.append("Dans la même commune" if km < 0.1 else f"À {distance(km)}")
    for part, why in (_rhythm(offer, need), _days(offer, need), _quantities(offer, need)):
        score += part
        if why:
            reasons.append(why)
    return Fit(max(0, min(100, score)), tuple(reasons)) if score >= ENOUGH else None


def _manners_meet(offer: Words, need: Words) -> bool:
    """A gift answers whoever asks to borrow; a loan does not answer who must keep it."""
    if offer.manner in {need.manner, Manner.GIFT}:
        return True
    return Manner.EXCHANGE in (offer.manner, need.manner)


def _stems(words: str) -> dict[str, str]:
    """Beginning of each word that says something → the word."""
    found: dict[str, str] = {}
    for word in words.split():
        if len(word) > 3 and word not in _STOP and not word.isdigit():
            found.setdefault(word[:6].rstrip("sx"), word)
    return found


def _begins(word: str, start: str) -> bool:
    return word in (start, f"{start}s") if len(start) < 5 else word.startswith(start)


def subjects_of(words: str) -> set[str]:
    split = words.split()
    return {
        name
        for name, starts in SUBJECTS.items()
        if any(_begins(word, start) for start in starts.split() for word in split)
    }


def _shared(offer: Words, need: Words) -> tuple[list[str], list[str]]:
    mine, theirs = _stems(offer.words), _stems(need.words)
    common = [mine[one] for one in mine if one in theirs]
    both = subjects_of(offer.words) & subjects_of(need.words)
    return common, sorted(both)


def _rhythm(offer: Words, need: Words) -> tuple[int, str]:
    if offer.is_recurring and need.is_recurring:
        return 5, "Régulier des deux côtés"
    return (-10, "") if need.is_recurring and not offer.is_recurring else (0, "")


def _days(offer: Words, need: Words) -> tuple[int, str]:
    first, second = (
        {day for day in WEEKDAYS if day in search_key(f"{one.when} {one.text}")}
        for one in (offer, need)
    )
    if not first or not second:
        return 0, ""
    both = [day for day in WEEKDAYS if day in first & second]
    return (10, f"Mêmes jours : {', '.join(both)}") if both else (-30, "")


def amount_of(text: str, *, is_recurring: bool) -> tuple[str, float] | None:
    """« 40 kg par semaine » → ("kg", 173.2 a month); None when no figure is understood."""
    words = text.lower().replace("\u00a0", " ").replace("m³", "m3").replace("m²", "m2")
    found = _AMOUNT.search(words)
    if found is None or (unit := _UNITS.get(found[2])) is None:
        return None
    amount = float(found[1].replace(",", ".")) * unit[1]
    times = next((by for word, by in _A_MONTH.items() if re.search(rf"\b{word}\b", words)), 1.0)
    return unit[0], amount * (times if is_recurring else 1.0)


def _quantities(offer: Words, need: Words) -> tuple[int, str]:
    one = amount_of(offer.quantity, is_recurring=offer.is_recurring)
    other = amount_of(need.quantity, is_recurring=need.is_recurring)
    if one is None or other is None or one[0] != other[0] or not other[1]:
        return 0, ""
    if offer.is_recurring != need.is_recurring:
        return 0, ""
    words = f"{offer.quantity} proposés, {need.quantity} cherchés"
    share = min(one[1], other[1]) / max(one[1], other[1], 0.001)
    return (10 if share > 0.25 else 3), words
