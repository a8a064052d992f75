"""Recherche d'entreprises as its documentation and its code say: `python -m fakes.companies`.

Kept: numbers are looked up whatever the filters, with the establishment of a SIRET only among
"matching_etablissements"; hidden names and addresses; positions as text; the shape cut by
"minimal"; refusals as {"erreur"}; 7 requests a second, once `POST /_limit/<n>` says
that they count. `POST /_move/<siren>?adresse=…` changes a seat. Prints its port.
"""

import argparse
import re
import time

from fakes.misbehaving import Handler, Said, run

OPENED = {"limit": 0}
recent = []
HIDDEN = "[NON-DIFFUSIBLE]"


def establishment(siret, address, commune, **given):
    return {
        "siret": siret,
        "adresse": address,
        "code_postal": commune[0],
        "commune": commune[1],
        "libelle_commune": commune[2],
        "latitude": "45.364052",
        "longitude": "5.592263",
        "etat_administratif": "A",
        "est_siege": False,
        "liste_enseignes": None,
        "statut_diffusion_etablissement": "O",
        "activite_principale": "84.11Z",
    } | given


def company(siren, name, form, *establishments, **given):
    more = {
        "collectivite_territoriale": None,
        "est_association": False,
        "est_ess": False,
        "identifiant_association": None,
        "est_service_public": None,
    }
    return {
        "siren": siren,
        "nom_complet": name,
        "nom_raison_sociale": name,
        "sigle": None,
        "nombre_etablissements": len(establishments),
        "nature_juridique": form,
        "etat_administratif": "A",
        "statut_diffusion": "O",
        "dirigeants": [{"nom": "MARTIN", "prenoms": "CLAUDE", "annee_de_naissance": "1970"}],
        "complements": more | given.pop("complements", {}),
        "establishments": establishments,
    } | given


VOIRON = ("38500", "38563", "VOIRON")
COMMUNE = company(
    "213805633",
    "COMMUNE DE VOIRON",
    "7210",
    establishment(
        "21380563300012",
        "12 RUE MAINSSIEUX 38500 VOIRON",
        VOIRON,
        est_siege=True,
        liste_enseignes=["MAIRIE"],
    ),
    establishment("21380563300129", "RUE DES ECOLES 38500 VOIRON", VOIRON, latitude=None),
    establishment("21380563300228", "RUE FERMEE 38500 VOIRON", VOIRON, etat_administratif="F"),
    nom_complet="COMMUNE DE VOIRON (MAIRIE)",
    complements={
        "collectivite_territoriale": {
            "code": "38563",
            "code_insee": "38563",
            "niveau": "commune",
            "elus": [{"nom": "DURAND", "prenoms": "Anne", "sexe": "F"}],
        }
    },
)
ASSOCIATION = company(
    "812345678",
    "LES AMIS DE LA GRANGE",
    "9220",
    establishment("81234567800011", "PLACE DU VILLAGE 38500 VOIRON", VOIRON, est_siege=True),
    complements={
        "est_association": True,
        "est_ess": True,
        "identifiant_association": "W381234567",
    },
)
CLOSED = company(
    "312345678",
    "VOIRON TEXTILE",
    "5710",
    establishment(
        "31234567800010",
        "1 ROUTE DE LYON 38500 VOIRON",
        VOIRON,
        est_siege=True,
        etat_administratif="F",
    ),
    etat_administratif="C",
)
HIDDEN_PERSON = company(
    "512345678",
    HIDDEN,
    "1000",
    establishment(
        "51234567800019",
        HIDDEN,
        (HIDDEN, "38563", "VOIRON"),
        est_siege=True,
        latitude="[ND]",
        longitude="[ND]",
        liste_enseignes=[HIDDEN],
    ),
    statut_diffusion="P",
)
NO_SEAT = company("912345678", "SANS SIEGE", "5499")
ABROAD = company(
    "923456789",
    "LA GRANGE INTERNATIONAL",
    "3120",
    establishment(
        "92345678900010",
        "1 RUE DU LAC GENEVE",
        (None, None, None),
        est_siege=True,
        latitude=None,
        longitude=None,
    ),
    nom_raison_sociale=None,
)
CHOIR = company(
    "812345676",
    "CHORALE DES QUATRE VENTS",
    "9220",
    establishment("81234567600017", "8 PLACE DE L'EGLISE 38500 VOIRON", VOIRON, est_siege=True),
    complements={"est_association": True, "identifiant_association": "W381234568"},
)
ALL = [COMMUNE, ASSOCIATION, CLOSED, HIDDEN_PERSON, NO_SEAT, ABROAD, CHOIR]
ALL += [
    company(f"4{n:08}", f"BOULANGERIE {n}", "5710", establishment(f"4{n:08}00010", "", VOIRON))
    for n in range(30)
]
FLAGS = ("est_association", "est_collectivite_territoriale", "minimal")
FILTERS = ("code_postal", "code_commune", "departement", "nature_juridique", "etat_administratif")
INCLUDED = {"siege", "complements", "matching_etablissements", "dirigeants", "finances", "score"}


class Fake(Handler):
    def route(self, method, path, query, _body):
        if OPENED["limit"]:
            limited()
        if path != "/search" or method != "GET":
            raise Said(404, {"detail": "Not Found"})
        check(query)
        text = query.get("q", "").upper()
        number = re.fullmatch(r"\d{9}(\d{5})?", text.replace(" ", ""))
        found = looked_up(number[0]) if number else searched(text, query)
        return paged(found, query)

    def door(self, path, query, _body):
        verb, _, rest = path.removeprefix("/_").partition("/")
        if verb == "move":  # a company moves: /_move/<siren>?adresse=…
            one = next(one for one in ALL if one["siren"] == rest)
            one["establishments"][0].update(query)
            return {}
        OPENED["limit"] = int(rest)
        recent.clear()
        return {}


def refuse(why):
    raise Said(400, {"erreur": why})


def limited():
    now = time.monotonic()
    recent[:] = [at for at in recent if now - at < 1]
    if len(recent) >= OPENED["limit"]:
        raise Said(429, {"erreur": "Too many requests"}, {"Retry-After": "1"})
    recent.append(now)


def check(query):
    for name in FLAGS:
        if query.get(name, "true").lower() not in {"true", "false"}:
            refuse(f"{name} doit prendre la valeur 'true' ou 'false' !")
    page, size = int(query.get("page", 1)), int(query.get("per_page", 10))
    if not 1 <= size <= 25:
        refuse("Veuillez indiquer un paramètre `per_page` entre `1` et `25`, par défaut `10`.")
    if page * size > 10_000:
        refuse("Le nombre total de résultats est restreint à 10 000.")
    if query.get("etat_administratif", "A") not in {"A", "C"}:
        refuse("Le paramètre `etat_administratif` doit prendre une des valeurs suivantes")
    included = set(query.get("include", "siege").split(","))
    if "include" in query and query.get("minimal") != "true":
        refuse("Veuillez indiquer si vous souhaitez une réponse minimale")
    if included - INCLUDED:
        refuse("Au moins un champ à inclure est non valide.")
    filtered = any(name in query for name in (*FILTERS, *FLAGS[:2]))
    if len(query.get("q", "")) < 3 and not filtered:
        refuse("3 caractères minimum pour les termes de la requête")


def looked_up(number):
    found = []
    for one in ALL:
        near = [place for place in one["establishments"] if place["siret"] == number]
        if near or one["siren"] == number:
            found.append((one, near))
    return found


def searched(text, query):
    found = []
    for one in ALL:
        named = all(word in one["nom_complet"] for word in text.split())
        if named and fits(one, query) and one is not HIDDEN_PERSON:
            found.append((one, one["establishments"][:10]))
    return found


def fits(one, query):
    places, more = one["establishments"], one["complements"]
    if query.get("etat_administratif", one["etat_administratif"]) != one["etat_administratif"]:
        return False
    forms = query.get("nature_juridique")
    if forms and one["nature_juridique"] not in forms.split(","):
        return False
    if query.get("est_association") == "true" and not more["est_association"]:
        return False
    if query.get("est_collectivite_territoriale") and not more["collectivite_territoriale"]:
        return False
    wanted = query.get("code_commune")
    return not wanted or any(place["commune"] in wanted.split(",") for place in places)


def paged(found, query):
    page, size = int(query.get("page", 1)), int(query.get("per_page", 10))
    shown = found[(page - 1) * size : page * size]
    return {
        "results": [shaped(one, near, query) for one, near in shown],
        "total_results": min(len(found), 10_000),
        "page": page,
        "per_page": size,
        "total_pages": -(-len(found) // size),
    }


def shaped(one, near, query):
    parts = {
        "siege": next((place for place in one["establishments"] if place["est_siege"]), {}),
        "matching_etablissements": near,
        "complements": one["complements"],
        "dirigeants": one["dirigeants"],
    }
    if query.get("minimal") == "true":
        wanted = query.get("include", "").split(",")
        parts = {name: part for name, part in parts.items() if name in wanted}
    rest = {
        k: v for k, v in one.items() if k not in ("establishments", "complements", "dirigeants")
    }
    return rest | parts


if __name__ == "__main__":
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--port", type=int, default=0)
    run(Fake, said.parse_args().port)
