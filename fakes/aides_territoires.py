"""Aides-territoires as its code says: `python -m fakes.aides_territoires --port 0` prints its port.

Kept: tokens of a day, valid ones refused now and then (`POST /_refuse/<n>`: the next n); pages of
50, 100 at most, "size" as an old name and "page_size" ignored; "next" that loses repeated filters;
a cache of pages that forgets their length. `POST /_aids/<n>` makes n aids, `/_move/<how>` changes
them after the next call, `/_expire` ends tokens, `/_calls` lists the calls and forgets them,
`/_token/<what>` spoils sign-in. `--aids N` makes some from the start.
"""

import argparse
import json
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from fakes.misbehaving import Handler, Said, run

KEY = "a-key-of-tests"
SITE = "https://aides-territoires.beta.gouv.fr"
state = {"refuse": 0, "move": "", "token": "", "serial": 0}
aids, tokens, calls, cache = [], set(), [], {}


def aid(number, **given):
    return {
        "id": number,
        "slug": f"aide-{number}",
        "url": f"/aides/aide-{number}/",
        "name": f"Rénover les écoles {number}",
        "name_initial": "Fonds écoles",
        "short_title": None,
        "financers": ["Conseil départemental de l'Isère"],
        "financers_full": [{"id": 3, "name": "Conseil départemental de l'Isère", "logo": None}],
        "instructors": ["Préfecture"],
        "instructors_full": [{"id": 4, "name": "Préfecture", "logo": None}],
        "programs": ["France Relance"],
        "description": "<p>Une <b>aide</b><script>alert(1)</script></p>",
        "eligibility": "<p>Toutes</p>",
        "perimeter": "Isère",
        "perimeter_scale": "Département",
        "mobilization_steps": ["Réflexion / conception"],
        "origin_url": "https://exemple.fr/aide",
        "categories": ["Énergies / Transition énergétique"],
        "is_call_for_project": None,
        "application_url": "https://exemple.fr/demande",
        "targeted_audiences": ["Communes"],
        "aid_types": ["Subvention", "Ingénierie technique"],
        "aid_types_full": [
            {"id": 1, "name": "Subvention", "group": {"id": 1, "name": "Aide financière"}},
            {
                "id": 5,
                "name": "Ingénierie technique",
                "group": {"id": 2, "name": "Aide en ingénierie"},
            },
            {"id": 6, "name": "Prêt", "group": {"id": 1, "name": "Aide financière"}},
            {"id": 7, "name": "Autre", "group": None},
        ],
        "is_charged": False,
        "destinations": ["Dépenses d’investissement"],
        "start_date": "2026-01-01",
        "predeposit_date": None,
        "submission_deadline": "2027-06-30",
        "subvention_rate_lower_bound": 20,
        "subvention_rate_upper_bound": 60,
        "subvention_comment": "Selon la <i>richesse</i>",
        "loan_amount": "150000.5",
        "recoverable_advance_amount": None,
        "contact": "<p>M. Martin, 04 76 00 00 00</p>",
        "recurrence": "Ponctuelle",
        "project_examples": "",
        "import_data_url": None,
        "import_data_mention": None,
        "import_share_licence": None,
        "date_created": "2025-01-01T10:00:00+01:00",
        "date_updated": None,
        "project_references": ["Rénovation d’une école"],
        "european_aid": None,
        "is_live": True,
    } | given


PERIMETERS = [
    {
        "id": f"{70000 + n}-commune-{n}",
        "text": f"Commune {n} (Commune - 38{n:03})",
        "name": f"Commune {n}",
        "scale": "Commune",
        "zipcodes": [f"38{n:03}"],
        "code": f"38{n:03}",
    }
    for n in range(120)
]
PERIMETERS.append(
    {
        "perimeter_id": 99,
        "name": "Bassin",
        "text": "Bassin",
        "scale": "Bassin hydrographique",
        "zipcodes": None,
        "code": None,
    }
)


class Fake(Handler):
    def route(self, method, path, _query, _body):
        calls.append(f"{method} {self.path}")
        if path == "/connexion/":
            return self.sign_in(method)
        self.check_token()
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        parts = path.strip("/").split("/")
        if path == "/aids/":
            return self.listed(kept(query), query, path)
        if path == "/perimeters/":
            return self.listed(placed(query), query, path)
        return one(parts)

    def sign_in(self, method):
        if method != "POST":
            raise Said(405, {"message": "Method Not Allowed"})
        if self.headers.get("X-AUTH-TOKEN") is None:
            raise Said(401, {"message": "No API token provided"})
        if self.headers["X-AUTH-TOKEN"] != KEY:
            raise Said(401, {"message": "User not found"})
        if state["token"]:
            return {"none": {}, "empty": {"token": ""}, "list": []}[state["token"]]
        state["serial"] += 1
        token = f"jwt.{state['serial']}.x"
        tokens.add(token)
        return {"token": token}

    def check_token(self):
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer":
            raise Said(401, {"code": 401, "message": "JWT Token not found"})
        if token not in tokens:
            raise Said(401, {"code": 401, "message": "Expired JWT Token"})
        if state["refuse"]:
            state["refuse"] -= 1
            raise Said(401, {"code": 401, "message": "Invalid JWT Token"})

    def listed(self, found, query, path):
        page, size = int(query.get("page", ["1"])[-1]), length(query)
        key = json.dumps([path, sorted((k, v) for k, v in query.items() if k not in SIZES)])
        if key not in cache or state["move"]:
            cache[key] = found[(page - 1) * size : page * size]
        answer = {
            "count": len(found),
            "previous": None
            if page == 1
            else self.path.replace(f"page={page}", f"page={page - 1}"),
            "next": self.following(page) if page * size < len(found) else None,
            "results": cache[key],
        }
        move()
        return answer

    def following(self, page):
        """PHP keeps one value of what is said several times."""
        query = dict(parse_qsl(urlsplit(self.path).query)) | {"page": page + 1}
        return f"{SITE}/api{urlsplit(self.path).path}?{urlencode(query)}"

    def door(self, path, query, _body):
        verb, _, rest = path.removeprefix("/_").partition("/")
        if verb == "calls":
            found, calls[:] = list(calls), []
            return found
        if verb == "aids":
            aids[:] = [aid(n) for n in range(int(rest), 0, -1)]
            cache.clear()
        elif verb == "expire":
            tokens.clear()
        elif verb == "forget":
            cache.clear()
        else:
            state[verb] = int(rest) if rest.isdigit() else rest
        return {}


SIZES = {"size", "itemsPerPage", "page_size"}


def length(query):
    size = query.get("size") or query.get("itemsPerPage") or ["50"]
    return min(int(size[-1]), 100)


def move():
    """What happens on the site between two pages."""
    how, state["move"] = state["move"], ""
    if how in {"add", "swap"}:
        aids.insert(0, aid(len(aids) + 1000))
    if how in {"remove", "swap"}:
        aids.pop(1 if how == "remove" else -1)
    if how:
        cache.clear()


def kept(query):
    wanted = query.get("organization_type_slugs", [])
    if "refused" in query:
        raise Said(400, {"type": "about:blank", "title": "Bad Request", "status": 400})
    if not wanted:
        return aids
    odd = {"commune": 0, "epci": 1}
    return [one for one in aids if one["id"] % 3 in {odd.get(word, 9) for word in wanted}]


def placed(query):
    words, codes = query.get("q", [""])[-1].lower(), query.get("insees", [""])[-1]
    found = [one for one in PERIMETERS if words in one["name"].lower()]
    return [one for one in found if not codes or one["code"] in codes.split(",")]


def one(parts):
    for found in aids:
        if parts in (["aids", "by-id", str(found["id"])], ["aids", found["slug"]]):
            return found
    gone = {"type": "about:blank", "title": "Not Found", "status": 404}
    raise Said(404, gone | {"detail": "Cette aide n'existe pas"})


if __name__ == "__main__":
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--port", type=int, default=0)
    said.add_argument("--aids", type=int, default=0)
    asked = said.parse_args()
    aids[:] = [aid(n) for n in range(asked.aids, 0, -1)]
    run(Fake, asked.port)
