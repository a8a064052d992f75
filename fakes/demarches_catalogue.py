"""Démarches of the stand-in of Démarche numérique that look like those of the State (their labels
are near the real ones, never the same twice), and the pages of a dossier for people."""

import base64
import html


def typed(kind, number):
    return base64.b64encode(f"{kind}-{number}".encode()).decode()


def champ(number, kind, label, **more):
    said = {"__typename": f"{kind}ChampDescriptor", "id": typed("Champ", number), "label": label}
    return {**said, "description": "", "required": False, **more}


def _numbered(start, champs):
    """(kind, label, more) → champs, numbered one after the other, rows of repetitions included."""
    made, number = [], start
    for kind, label, more in champs:
        number += 1
        own = dict(more)
        if kind == "Repetition":
            inside = [(one, name, {}) for one, name in own.pop("rows")]
            own["champDescriptors"] = _numbered(number * 100, inside)
        made.append(champ(number, kind, label, **own))
    return made


R = {"required": True}
PLAN = {"rows": [("Text", "Nom du financeur"), ("DecimalNumber", "Montant (€ HT)")]}
DETR = [
    ("HeaderSection", "1. Le demandeur", {}),
    ("Siret", "Numéro SIRET de la collectivité", R),
    ("Text", "Nom de la collectivité", R),
    ("Text", "Nom et prénom de la personne à contacter", {}),
    ("Email", "Adresse électronique", R),
    ("Phone", "Téléphone", {}),
    ("HeaderSection", "2. L’opération", {}),
    ("Text", "Intitulé de l’opération", R),
    ("Textarea", "Description de l’opération", R),
    ("Commune", "Commune d’implantation", R),
    ("Epci", "EPCI de rattachement", {}),
    ("DropDownList", "Phase du projet", {"options": ["Idée", "Étude", "Opération"]}),
    ("Date", "Date de commencement des travaux", {}),
    ("Date", "Date de fin prévisionnelle", {}),
    ("HeaderSection", "3. Le financement", {}),
    ("DecimalNumber", "Coût total H.T. de l’opération (en €)", R),
    ("DecimalNumber", "Montant de DETR / DSIL sollicité", R),
    ("Repetition", "Autres financements", PLAN),
    ("PieceJustificative", "Délibération", R),
    ("Carte", "Plan de situation", {}),
    ("Checkbox", "J’atteste que l’opération n’est pas commencée", R),
]
FONDS_VERT = [
    ("Siret", "SIRET du porteur", R),
    ("Text", "Nom du porteur de projet", R),
    ("Text", "Titre du projet", R),
    ("Textarea", "Résumé du projet", R),
    ("Textarea", "Bénéfices environnementaux attendus", {}),
    (
        "MultipleDropDownList",
        "Thématiques",
        {"options": ["Énergie", "Eau", "Centre-ville", "Mobilités", "Biodiversité"]},
    ),
    ("Departement", "Département", {"options": []}),
    ("Commune", "Commune", {}),
    ("DecimalNumber", "Budget total", R),
    ("DecimalNumber", "Aide Fonds vert sollicitée", R),
    ("PieceJustificative", "Plan de financement signé", R),
]
FNADT = [
    ("Siret", "SIRET", R),
    ("Text", "Raison sociale", R),
    ("Address", "Adresse postale", {}),
    ("Text", "Objet de la demande", R),
    ("Textarea", "Contexte et objectifs", {}),
    ("Text", "Contrat territorial de rattachement", {}),
    ("IntegerNumber", "Coût prévisionnel", R),
    ("IntegerNumber", "Montant FNADT demandé", R),
    ("PieceJustificative", "RIB", R),
]


def _open(path, title, champs):
    return {"path": path, "state": "publiee", "open": True, "title": title, "champs": champs}


LIKE_REAL = {
    201: _open("detr-dsil-2027", "Demande de subvention DETR-DSIL 2027", _numbered(2010, DETR)),
    202: _open("fonds-vert-2027", "Fonds vert 2027", _numbered(2050, FONDS_VERT)),
    203: _open("fnadt-2027", "Demande de subvention FNADT 2027", _numbered(2080, FNADT)),
}

CHAMPS = [
    champ(1, "Text", "Intitulé", required=True),
    champ(2, "IntegerNumber", "Habitants"),
    champ(3, "DecimalNumber", "Coût"),
    champ(4, "Date", "Début"),
    champ(5, "Datetime", "Réunion"),
    champ(6, "YesNo", "Travaux commencés"),
    champ(7, "Civilite", "Civilité"),
    champ(8, "DropDownList", "Thème", options=["Eau", "École"], otherOption=False),
    champ(9, "MultipleDropDownList", "Publics", options=["Jeunes", "Familles"]),
    champ(10, "Commune", "Commune"),
    champ(11, "Epci", "EPCI"),
    champ(12, "Siret", "SIRET"),
    champ(13, "Departement", "Département", options=[{"name": "Isère", "code": "38"}]),
    champ(
        14,
        "Repetition",
        "Financeurs",
        champDescriptors=[
            champ(15, "Text", "Nom"),
            champ(16, "DecimalNumber", "Montant"),
        ],
    ),
    champ(17, "PieceJustificative", "Délibération"),
    champ(18, "Checkbox", "Sur l'honneur"),
    champ(19, "DropDownList", "Autre thème", options=["Eau"], otherOption=True),
    champ(20, "HeaderSection", "Plan"),
    champ(21, "Address", "Adresse"),
    champ(22, "Region", "Région"),
]
ALL = {
    101: {"path": "detr-dsil", "state": "publiee", "open": True, "champs": CHAMPS},
    102: {"path": "fonds-vert", "state": "brouillon", "open": False, "champs": CHAMPS[:2]},
    103: {"path": "fermee", "state": "close", "open": True, "champs": CHAMPS},
    **LIKE_REAL,
}

HEAD = """<!doctype html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<title>{title}</title></head><body><main>
<p><strong>Démonstration : ceci imite Démarche numérique.</strong></p><h1>{title}</h1>"""
TAIL = "</main></body></html>"
AFTER = {
    "en_construction": ["en_instruction"],
    "en_instruction": ["accepte", "refuse", "sans_suite", "en_construction"],
    "accepte": ["en_instruction"],
    "refuse": ["en_instruction"],
    "sans_suite": ["en_instruction"],
}


def button(address, words):
    return f'<form method="post" action="{address}"><button>{html.escape(words)}</button></form>'


def values(champs):
    said = []
    for one in champs:
        rows = [values(row["champs"]) for row in one.get("rows", ())]
        text = "".join(rows) or html.escape(one["stringValue"]) or "<em>à remplir</em>"
        said.append(f"<dt>{html.escape(one['label'])}</dt><dd>{text}</dd>")
    return f"<dl>{''.join(said)}</dl>"


def dossier_page(one, title):
    """As its holder sees it, with the agent's buttons below: this is a stand-in."""
    number, state = one["number"], one["state"] if one["claimed"] else "à ouvrir"
    said = [HEAD.format(title=html.escape(title)), f"<p>Dossier n° {number} : {state}</p>"]
    said.append(values(one["champs"]))
    if one["filed"] is None:
        said.append(button(f"/dossiers/{number}/deposer", "Déposer le dossier"))
    else:
        said.append("<h2>Côté instructeur</h2>")
        said += [
            button(f"/dossiers/{number}/agent/{to}", f"Passer à « {to} »")
            for to in AFTER.get(one["state"], ())
        ]
    return ("".join(said) + TAIL).encode()


def empty_page(title):
    words = "<p>Une démarche vide : dans la vraie, on la remplit ici.</p>"
    return (HEAD.format(title=html.escape(title)) + words + TAIL).encode()
