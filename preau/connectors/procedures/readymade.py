"""Mappings proposed by label: DETR and DSIL, Fonds vert, FNADT. A person confirms them.

Each year's démarche has other champs under nearly the same names: so names are compared, without
accents, case nor punctuation, and never ids.
"""

from __future__ import annotations

from collections.abc import Sequence

from preau.connectors.procedures.schema import every
from preau.connectors.procedures.sources import SOURCES, plain
from preau.connectors.procedures.states import Family
from preau.integrations.demarches.champs import Champ

#: Source → names; a champ's label holds every word of one of them. The longest name wins.
_COMMON: dict[str, tuple[str, ...]] = {
    "name": (
        "intitule du projet",
        "intitule de l operation",
        "titre du projet",
        "nom du projet",
        "objet de la demande",
        "intitule",
    ),
    "description": (
        "description du projet",
        "description de l operation",
        "descriptif",
        "presentation du projet",
        "nature des travaux",
        "resume du projet",
    ),
    "purpose": ("contexte du projet", "contexte et objectifs", "objectifs du projet", "objectifs"),
    "themes": ("thematique", "thematiques", "theme"),
    "phase": ("phase du projet", "etat d avancement", "maturite du projet"),
    "starts_on": (
        "date de debut",
        "date de commencement",
        "date de demarrage",
        "debut des travaux",
    ),
    "ends_on": ("date de fin", "date d achevement", "fin des travaux"),
    "budget": (
        "cout total",
        "cout previsionnel",
        "montant total de l operation",
        "montant total du projet",
        "budget total",
    ),
    "asked": (
        "montant demande",
        "montant sollicite",
        "montant de la subvention",
        "subvention sollicitee",
        "subvention demandee",
        "aide sollicitee",
    ),
    "commune": ("commune", "commune d implantation", "lieu de realisation"),
    "communes": ("communes concernees", "liste des communes", "perimetre du projet"),
    "epci": ("epci", "intercommunalite", "epci de rattachement"),
    "departement": ("departement",),
    "region": ("region",),
    "holder": (
        "nom de la collectivite",
        "maitre d ouvrage",
        "nom du beneficiaire",
        "raison sociale",
        "nom du porteur",
        "nom du demandeur",
    ),
    "siret": ("siret",),
    "address": ("adresse du siege", "adresse de la collectivite", "adresse postale"),
    "contact_name": (
        "nom du contact",
        "personne a contacter",
        "nom du referent",
        "responsable du projet",
        "nom et prenom",
    ),
    "contact_function": ("fonction", "qualite du representant"),
    "contact_email": ("courriel", "adresse electronique", "adresse mail", "email", "mel"),
    "contact_phone": ("telephone",),
    "each_funder": ("financeur", "nom du financeur", "cofinanceur"),
    "each_label": ("intitule de l aide", "dispositif"),
    "each_amount": ("montant",),
    "each_state": ("etat de la demande", "statut de la demande"),
    "each_commune": ("commune",),
}
_OWN: dict[Family, dict[str, tuple[str, ...]]] = {
    Family.DETR_DSIL: {
        "asked": ("montant de detr", "montant de dsil", "montant detr dsil sollicite"),
        "budget": ("cout ht de l operation", "depense subventionnable", "assiette"),
        "crte": ("crte",),
    },
    Family.FONDS_VERT: {
        "asked": ("fonds vert sollicite", "montant fonds vert", "aide fonds vert"),
        "purpose": ("benefices environnementaux", "impact ecologique"),
        "crte": ("crte", "contrat de transition"),
    },
    Family.FNADT: {
        "asked": ("montant fnadt", "fnadt sollicite"),
        "crte": ("crte", "contrat territorial", "convention de rattachement"),
        "crte_orientation": ("orientation du contrat", "axe du contrat"),
    },
    Family.OTHER: {},
}
#: Words that say nothing of what is asked.
_EMPTY = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une"]
)


def proposed(family: Family, champs: Sequence[Champ]) -> dict[str, str]:
    """champ id → source, for the champs whose label is that of something we have."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    ranked = sorted(
        (
            (score, position, champ.id, source)
            for position, (champ, repetition) in enumerate(every(champs))
            for source, score in _scores(family, champ, repetition)
        ),
        key=lambda one: (-one[0], one[1]),
    )
    for _, _, champ, source in ranked:
        if champ not in found and source not in taken:
            found[champ] = source
            taken.add(source)
    return found


def _scores(family: Family, champ: Champ, repetition: Champ | None) -> list[tuple[str, float]]:
    """Sources whose name is in the label: the longer the name, the surer; the shorter the rest."""
    words = set(plain(champ.label).split()) - _EMPTY
    scored = []
    for key, source in SOURCES.items():
        if not source.fits(champ, repetition):
            continue
        best = 0.0
        for name in (*_COMMON.get(key, ()), *_OWN[family].get(key, ())):
            wanted = set(name.split()) - _EMPTY
            if wanted <= words:
                best = max(best, len(wanted) + len(wanted) / len(words))
        if best:
            scored.append((key, best))
    return scored
