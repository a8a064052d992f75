"""One agreement, as the rooms would hand it to the layout."""

from datetime import UTC, datetime

TEMPLATE = "documents/exemple.typ"
AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
OWNER, OCCUPANT = "proprietaire", "occupant"
LABELS = {OWNER: "Signature de Mme Œuvrard", OCCUPANT: "Signature de M. N’Diaye"}
LINES = {
    OWNER: ["Mme Hélène Œuvrard, maire", "le 1er septembre 2026 à 10 h 12"],
    OCCUPANT: ["M. Ayoub N’Diaye, président", "le 2 septembre 2026 à 18 h 40"],
}
TEXT = "La commune met le gymnase à disposition. " * 6


def data(**changes):
    return {
        "title": "Convention d’occupation du gymnase Jean-Moulin",
        "reference": "CONV-2026-0042",
        "sender": ["Ville d’essai", "Direction des sports"],
        "subtitle": "Les mardis de septembre à juin",
        "note": "CONV-2026-0042",
        "parties": [
            {
                "role": "la Ville",
                "name": "La commune d’essai",
                "lines": ["1 place de la Mairie"],
                "represented_by": "Mme Hélène Œuvrard, maire",
            },
            {"role": "l’occupant", "name": "Les Chats bottés", "lines": ["RNA W381000000"]},
        ],
        "articles": [
            {"title": f"Objet {rank}", "text": f"{TEXT}\n\n- un point\n- un autre"}
            for rank in range(1, 12)
        ],
        "lines": [["Gymnase, 38 mardis", "38", "380,00 €"], ["Total", "", "380,00 €"]],
        "zones": [
            {"label": OWNER, "name": "Mme Hélène Œuvrard", "quality": "maire"},
            {"label": OCCUPANT, "name": "M. Ayoub N’Diaye", "quality": "président"},
        ],
        **changes,
    }
