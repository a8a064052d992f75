"""Answers of Aides-territoires as its API gives them."""


def aid(number=1, **given):
    return {
        "id": number,
        "slug": f"aide-{number}",
        "url": f"/aides/aide-{number}/",
        "name": f"Rénover les écoles {number}",
        "name_initial": "",
        "short_title": None,
        "financers": ["Conseil départemental de l'Isère"],
        "financers_full": [{"id": 3, "name": "Conseil départemental de l'Isère", "logo": None}],
        "instructors": [],
        "programs": ["France Relance"],
        "description": "<p>Une <b>aide</b> aux communes.</p><ul><li>études</li><li>travaux</li></ul>",
        "eligibility": '<p>Voir <a href="https://exemple.fr/regles">les règles</a></p>',
        "perimeter": "Isère",
        "perimeter_scale": "Département",
        "mobilization_steps": ["Réflexion / conception", "Mise en œuvre / réalisation"],
        "origin_url": "https://exemple.fr/aide",
        "categories": [
            "Énergies / Transition énergétique",
            "Urbanisme, logement, aménagement / Bâtiments et construction",
            "Éducation / Enfance",
        ],
        "is_call_for_project": False,
        "application_url": "https://exemple.fr/demande",
        "targeted_audiences": ["Communes", "Intercommunalités / Pays"],
        "aid_types": ["Subvention"],
        "aid_types_full": [{"id": 1, "name": "Subvention", "group": {"id": 1}}],
        "is_charged": False,
        "destinations": ["Dépenses d’investissement"],
        "start_date": "2026-01-01",
        "predeposit_date": None,
        "submission_deadline": "2027-06-30",
        "subvention_rate_lower_bound": 20,
        "subvention_rate_upper_bound": 60,
        "subvention_comment": "Selon la <i>richesse</i>",
        "loan_amount": None,
        "recoverable_advance_amount": None,
        "contact": "<p>M. Martin, 04 76 00 00 00</p>",
        "recurrence": "Ponctuelle",
        "project_examples": "",
        "date_created": "2025-01-01T10:00:00+01:00",
        "date_updated": "2026-01-01T10:00:00+01:00",
        "project_references": [],
        "european_aid": None,
        "is_live": True,
    } | given


def page(*aids, count=None):
    total = len(aids) if count is None else count
    return {"count": total, "previous": None, "next": None, "results": list(aids)}
