"""From the words of Aides-territoires to ours. Categories read "Thème / catégorie"."""

from __future__ import annotations

from preau.resources.enums import AidType, BlockageKind, Phase, ResourceKind, Theme
from preau.territories.names import search_key

#: A piece of a category's search key → theme; every piece that is in it counts.
_CATEGORY: tuple[tuple[str, Theme], ...] = (
    ("revitalisation", Theme.CENTRE_VILLE),
    ("commerce", Theme.CENTRE_VILLE),
    ("logement", Theme.LOGEMENT),
    ("habitat", Theme.LOGEMENT),
    ("mobilite", Theme.MOBILITES),
    ("transport", Theme.MOBILITES),
    ("voirie", Theme.MOBILITES),
    ("velo", Theme.MOBILITES),
    ("energie", Theme.ENERGIE),
    ("energetique", Theme.ENERGIE),
    ("batiment", Theme.ENERGIE),
    ("reseaux de chaleur", Theme.ENERGIE),
    ("transition energetique", Theme.ENERGIE),
    ("eau potable", Theme.EAU_BIODIVERSITE),
    ("assainissement", Theme.EAU_BIODIVERSITE),
    ("cours d eau", Theme.EAU_BIODIVERSITE),
    ("eau pluviale", Theme.EAU_BIODIVERSITE),
    ("eau souterraine", Theme.EAU_BIODIVERSITE),
    ("eaux", Theme.EAU_BIODIVERSITE),
    ("mers et oceans", Theme.EAU_BIODIVERSITE),
    ("biodiversite", Theme.EAU_BIODIVERSITE),
    ("milieux humides", Theme.EAU_BIODIVERSITE),
    ("foret", Theme.EAU_BIODIVERSITE),
    ("sols", Theme.EAU_BIODIVERSITE),
    ("montagne", Theme.EAU_BIODIVERSITE),
    ("dechet", Theme.DECHETS),
    ("economie circulaire", Theme.DECHETS),
    ("recyclage", Theme.DECHETS),
    ("agriculture", Theme.ALIMENTATION),
    ("alimentation", Theme.ALIMENTATION),
    ("circuits courts", Theme.ALIMENTATION),
    ("sante", Theme.SANTE),
    ("cohesion sociale", Theme.SANTE),
    ("inclusion", Theme.SANTE),
    ("handicap", Theme.SANTE),
    ("personnes agees", Theme.SANTE),
    ("protection sociale", Theme.SANTE),
    ("lutte contre la precarite", Theme.SANTE),
    ("education", Theme.EDUCATION),
    ("enseignement", Theme.EDUCATION),
    ("jeunesse", Theme.EDUCATION),
    ("jeunes", Theme.EDUCATION),
    ("famille", Theme.EDUCATION),
    ("enfance", Theme.EDUCATION),
    ("culture", Theme.CULTURE),
    ("patrimoine", Theme.CULTURE),
    ("bibliotheque", Theme.CULTURE),
    ("spectacle", Theme.CULTURE),
    ("musee", Theme.CULTURE),
    ("sport", Theme.SPORT),
    ("loisirs", Theme.SPORT),
    ("numerique", Theme.NUMERIQUE),
    ("technologies", Theme.NUMERIQUE),
    ("services publics", Theme.SERVICES_PUBLICS),
    ("acces aux services", Theme.SERVICES_PUBLICS),
    ("equipement public", Theme.SERVICES_PUBLICS),
    ("tiers lieux", Theme.TIERS_LIEUX),
    ("economie locale", Theme.ECONOMIE),
    ("economie sociale", Theme.ECONOMIE),
    ("emploi", Theme.ECONOMIE),
    ("industrie", Theme.ECONOMIE),
    ("artisanat", Theme.ECONOMIE),
    ("entreprise", Theme.ECONOMIE),
    ("fiscalite", Theme.ECONOMIE),
    ("attractivite", Theme.ECONOMIE),
    ("tourisme", Theme.TOURISME),
    ("risques", Theme.RISQUES),
    ("securite", Theme.RISQUES),
    ("resilience", Theme.RISQUES),
    ("adaptation au changement climatique", Theme.RISQUES),
    ("vie associative", Theme.VIE_ASSOCIATIVE),
    ("citoyennete", Theme.VIE_ASSOCIATIVE),
    ("animation et mise en reseau", Theme.VIE_ASSOCIATIVE),
    ("egalite des chances", Theme.VIE_ASSOCIATIVE),
    ("urbanisme", Theme.AMENAGEMENT),
    ("amenagement", Theme.AMENAGEMENT),
    ("foncier", Theme.AMENAGEMENT),
    ("friche", Theme.AMENAGEMENT),
    ("espaces verts", Theme.AMENAGEMENT),
    ("espace public", Theme.AMENAGEMENT),
    ("paysage", Theme.AMENAGEMENT),
)
PHASES = {
    "preop": (Phase.IDEA, Phase.STUDY),
    "op": (Phase.WORKS,),
    "postop": (Phase.WORKS,),
}
_ENGINEERING = {AidType.TECHNICAL, AidType.FINANCIAL, AidType.LEGAL}
_LIFTS = {
    AidType.TECHNICAL: BlockageKind.INGENIERIE,
    AidType.FINANCIAL: BlockageKind.INGENIERIE,
    AidType.LEGAL: BlockageKind.REGLEMENTAIRE,
}


def themes_of(category: str) -> list[Theme]:
    """The themes a category stands for; none when its words say nothing to us."""
    key = search_key(category)
    return [theme for piece, theme in _CATEGORY if piece in key]


def kind_of(types: list[AidType]) -> ResourceKind:
    """Engineering when it brings no money at all."""
    only = bool(types) and set(types) <= _ENGINEERING
    return ResourceKind.ENGINEERING if only else ResourceKind.AID


def blockages_of(types: list[AidType], themes: list[Theme]) -> list[BlockageKind]:
    """What an aid helps to lift, by its form: money, engineering, law; and land by its theme."""
    found = {_LIFTS.get(one, BlockageKind.FINANCEMENT) for one in types}
    found = found or {BlockageKind.FINANCEMENT}
    if AidType.LEGAL in types:
        found.add(BlockageKind.INGENIERIE)
    if Theme.AMENAGEMENT in themes and not set(types) <= _ENGINEERING:
        found.add(BlockageKind.FONCIER)
    return [one for one in BlockageKind if one in found]
