"""Démarche numérique, as far as our clients lean on it: `python -m fakes.demarches --port 0` prints
its port. With `--clock real` its time is the machine's (the demonstration), else it stands still.

Its quirks: a Content-Type to the letter, values that it does not read dropped without a word,
drafts unseen by GraphQL, prefilled dossiers gone after 5 days, errors of GraphQL with HTTP 200.
Démarches: 101 `detr-dsil` (open data), 102 `fonds-vert` (draft, not open data), 103 closed; like
real ones: 201 `detr-dsil-2027`, 202 `fonds-vert-2027`, 203 `fnadt-2027`.
Tokens of GraphQL: `token` (all), `other` (102).
Pages: the address of a prefilled dossier opens it; `/dossiers/<number>` files and decides.

Doors: `/_reset`, `/_clock/<seconds>` (time passes; it does not otherwise), `/_claim/<number>` (its
holder opens the link), `/_file/<number>` (and sends it; `{"id": "text"}` to change champs),
`/_delete/<number>`, `/_agent/<number>/<state>`, `/_identity/<number>`, `/_slow_query` (the next one
takes over 30 s), `/_state/<démarche>/<state>`, `/_drop/<démarche>/<champ>` (a new version without
it), `/_count` (dossiers made).
"""

import argparse
import base64
import copy
import json
import re
import secrets
from datetime import UTC, datetime, timedelta

from fakes.demarches_catalogue import ALL, dossier_page, empty_page, typed
from fakes.misbehaving import Handler, Said, lock, run

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAYS = 5
POSTS, POSTS_SECONDS = 15, 15
QUERIES, QUERIES_SECONDS = 400, 60
TOKENS = {"token": {101, 102, 201, 202, 203}, "other": {102}}
POSTCODES = {"38500": {"38563", "38239"}, "80000": {"80021"}}
#: Those of Isère, by their SIREN.
EPCIS_OF_ISERE = """
200018166 200030658 200040111 200040657 200040715 200059392 200068542 200068567 200070431
200077014 200085751 243800604 243800745 243800935 243800984 243801024 243801073 243801255
"""
EPCIS = {"38": set(EPCIS_OF_ISERE.split())}
BACK = {"accepte", "refuse", "sans_suite"}
NEXT = {
    "en_construction": {"en_instruction"},
    "en_instruction": BACK | {"en_construction"},
    **{state: {"en_instruction"} for state in BACK},
}
world = {}


DEMARCHES = {}


def reset():
    DEMARCHES.clear()
    DEMARCHES.update(copy.deepcopy(ALL))
    world.update(now=START, dossiers={}, posts=[], queries=[], slow=False, made=0)


def tick():
    if "ahead" in world:
        world["now"] = datetime.now(UTC) + world["ahead"]  # noqa: TID251  (its own process)


class Demarches(Handler):
    def door(self, path, query, body):
        name, *rest = path.removeprefix("/_").split("/")
        with lock:
            tick()
            return getattr(Doors, name)(*rest, **(json.loads(body) if body else {}))

    def route(self, method, path, query, body):
        with lock:
            tick()
            if found := re.fullmatch("/preremplir/([^/]+)/schema", path):
                return schema(found[1])
            if found := re.fullmatch(r"/api/public/v1/demarches/(\d+)/dossiers", path):
                return self.dossiers(method, int(found[1]), query, body)
            if path == "/api/v2/graphql":
                return graphql(self.headers.get("Authorization") or "", json.loads(body))
            if path.startswith(("/commencer/", "/dossiers/")):
                shown(method, path, query)
        raise Said(404, b"<!doctype html>", None, "text/html")

    def dossiers(self, method, number, query, body):
        if method == "POST":
            throttle(world["posts"], POSTS, POSTS_SECONDS, None)
        if self.headers.get("Content-Type") != "application/json":
            raise Said(400, {"error": "Content-Type should be json"})
        if number not in DEMARCHES or DEMARCHES[number]["state"] == "close":
            raise Said(404, {"error": f"procedure {number} is not found"})
        if method == "POST":
            root = f"http://{self.headers['Host']}"
            raise Said(201, public(prefilled(number, json.loads(body), root)))
        destroy_the_unclaimed()
        tokens = query.get("prefill_token", "").split(",")
        found = [one for one in world["dossiers"].values() if one["token"] in tokens]
        return [public(one) for one in found if one["demarche"] == number and not one["gone"]]


class Doors:
    @staticmethod
    def reset():
        reset()

    @staticmethod
    def clock(seconds):
        if "ahead" in world:
            world["ahead"] += timedelta(seconds=float(seconds))
        world["now"] += timedelta(seconds=float(seconds))

    @staticmethod
    def claim(number):
        world["dossiers"][int(number)].update(claimed=True, changed=world["now"])

    @staticmethod
    def file(number, **texts):
        one = world["dossiers"][int(number)]
        one.update(claimed=True, state="en_construction", filed=world["now"], changed=world["now"])
        for found in one["champs"]:
            found["stringValue"] = texts.get(found["champDescriptorId"], found["stringValue"])

    @staticmethod
    def delete(number):
        world["dossiers"][int(number)]["gone"] = True

    @staticmethod
    def agent(number, state):
        one = world["dossiers"][int(number)]
        if state not in NEXT.get(one["state"], ()):
            raise Said(400, {"errors": [{"message": f"Le dossier est déjà {one['state']}"}]})
        one.update(state=state, changed=world["now"])
        one["processed"] = world["now"] if state in BACK else None
        if state == "en_instruction":
            one["instruction"] = world["now"]

    @staticmethod
    def identity(number):
        return world["dossiers"][int(number)]["identity"]

    @staticmethod
    def slow_query():
        world["slow"] = True

    @staticmethod
    def state(demarche, state):
        DEMARCHES[int(demarche)]["state"] = state

    @staticmethod
    def drop(demarche, number):
        one = DEMARCHES[int(demarche)]
        one["champs"] = [kept for kept in one["champs"] if kept["id"] != typed("Champ", number)]
        one["version"] = one.get("version", 0) + 1

    @staticmethod
    def count():
        return world["made"]


def shown(method, path, query):
    """The pages that people see."""
    destroy_the_unclaimed()
    if found := re.fullmatch("/commencer/([^/]+)", path):
        opened(found[1], query.get("prefill_token"))
    if found := re.fullmatch(r"/dossiers/(\d+)(/deposer|/agent/(\w+))?", path):
        one = world["dossiers"].get(int(found[1]))
        if one is not None and not one["gone"]:
            if method == "POST":
                Doors.agent(found[1], found[3]) if found[3] else Doors.file(found[1])
                raise Said(303, b"", {"Location": f"/dossiers/{found[1]}"}, "text/html")
            page(dossier_page(one, title_of(one["demarche"])))
    raise Said(404, b"<!doctype html><p>Dossier introuvable", None, "text/html")


def opened(path, token):
    for one in world["dossiers"].values():
        if token and one["token"] == token and not one["gone"]:
            Doors.claim(one["number"])
            page(dossier_page(one, title_of(one["demarche"])))
    for number, one in DEMARCHES.items():
        if one["path"] == path and not token:
            page(empty_page(title_of(number)))


def page(content):
    raise Said(200, content, None, "text/html; charset=utf-8")


def title_of(number):
    return DEMARCHES[number].get("title") or f"Démarche {number}"


def throttle(calls, most, seconds, after):
    now = world["now"]
    calls[:] = [at for at in calls if at > now - timedelta(seconds=seconds)]
    if len(calls) >= most:
        raise Said(429, b"Retry later\n", after, "text/plain")
    calls.append(now)


def schema(path):
    for number, one in DEMARCHES.items():
        if one["path"] == path and one["open"] and one["state"] != "close":
            version = f"{number}{one.get('version') or ''}"
            revision = {"id": typed("Revision", version), "champDescriptors": one["champs"]}
            title = title_of(number)
            return {"number": number, "title": title, "state": one["state"], "revision": revision}
    raise Said(404, {"error": f"procedure {path} is not found"})


def destroy_the_unclaimed():
    limit = world["now"] - timedelta(days=DAYS)
    for number, one in list(world["dossiers"].items()):
        if not one["claimed"] and one["created"] <= limit:
            del world["dossiers"][number]


def prefilled(demarche, said, root):
    number, token = 1000 + world["made"], secrets.token_urlsafe(12)
    world["made"] += 1
    kept = {}
    for key, value in said.items():
        if (stable := stable_id(key)) and value not in ("", [], None):
            kept[stable] = value
    one = world["dossiers"][number] = {
        "number": number, "token": token, "demarche": demarche, "state": "brouillon",
        "claimed": False, "gone": False, "created": world["now"], "changed": world["now"],
        "filed": None, "instruction": None, "processed": None,
        "url": f"{root}/commencer/{DEMARCHES[demarche]['path']}?prefill_token={token}",
        "champs": [filled(one, kept) for one in DEMARCHES[demarche]["champs"]],
        "identity": {key: value for key, value in said.items() if key.startswith("identite_")},
    }  # fmt: skip
    return one


def stable_id(key):
    """As Ruby reads it: base64 without its padding, then the number after `Champ-`."""
    if not key.startswith("champ_"):
        return None
    name = key.removeprefix("champ_")
    try:
        kind, _, number = base64.b64decode(name + "=" * (-len(name) % 4)).decode().partition("-")
        return int(number) if kind == "Champ" else None
    except ValueError:
        return None


def filled(described, kept):
    """The champ of a dossier: prefilled when its value was read, empty otherwise."""
    kind = described["__typename"].removesuffix("ChampDescriptor")
    value = kept.get(stable_id("champ_" + described["id"].rstrip("=")))
    said = {
        "__typename": f"{kind}Champ", "id": described["id"], "label": described["label"],
        "champDescriptorId": described["id"], "updatedAt": world["now"].isoformat(),
        "stringValue": "", "prefilled": False,
    }  # fmt: skip
    if kind == "Repetition":
        said["rows"] = rows(described, value)
    elif value is not None and read(kind, described, value):
        text = ", ".join(value) if isinstance(value, list) else str(value)
        said.update(stringValue=text, prefilled=True)
    return said


def rows(described, value):
    made = []
    for row in value if isinstance(value, list) else []:
        if isinstance(row, dict):
            inside = {stable_id(key): one for key, one in row.items() if stable_id(key)}
            champs = [filled(one, inside) for one in described["champDescriptors"]]
            if any(one["prefilled"] for one in champs):
                made.append({"id": secrets.token_hex(8), "champs": champs})
    return made


PATTERNS = {
    "IntegerNumber": r"-?\d+",
    "DecimalNumber": r"-?\d+([.,]\d+)?",
    "Date": r"\d{4}-\d{2}-\d{2}",
    "Datetime": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}\+\d{2}:\d{2})?",
    "YesNo": "true|false",
    "Checkbox": "true|false",
    "Civilite": r"M\.|Mme",
    "Departement": "[0-9]{2,3}|2A|2B",
    "Region": "[0-9]{2}",
    "Siret": "[0-9]{14}",
}


def read(kind, described, value):
    if kind in {"PieceJustificative", "HeaderSection", "Carte", "RNA"}:
        return False
    if kind == "Commune":
        return isinstance(value, list) and is_commune(*value)
    if kind == "Epci":
        return isinstance(value, list) and value[1] in EPCIS.get(value[0], ())
    if kind == "MultipleDropDownList":
        return isinstance(value, list) and set(value) <= set(described["options"])
    if kind == "DropDownList":
        return value in described["options"] or described["otherOption"]
    return isinstance(value, str) and bool(re.fullmatch(PATTERNS.get(kind, ".+"), value, re.DOTALL))


def is_commune(postcode, code=None):
    """Those it knows by name; of others, a code of the département of the postcode."""
    if postcode in POSTCODES:
        return code is None or code in POSTCODES[postcode]
    return code is not None and postcode[:2] == code[:2]


def public(one):
    said = {
        "dossier_id": typed("Dossier", one["number"]),
        "dossier_number": one["number"],
        "dossier_prefill_token": one["token"],
    }
    if not one["claimed"]:
        return {"dossier_url": one["url"], "state": "prefilled", **said}
    dates = {"submitted_at": one["filed"], "processed_at": one["processed"]}
    return {"state": one["state"], **said} | {
        key: at.isoformat() for key, at in dates.items() if at
    }


def failed(message, code):
    return {"errors": [{"message": message, "extensions": {"code": code}}], "data": None}


def graphql(header, said):
    token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""
    rights = TOKENS.get(token, set())
    if not token and "queryId" not in said:
        raise Said(403, failed("Without a token, only persisted queries are allowed", "forbidden"))
    throttle(world["queries"], QUERIES, QUERIES_SECONDS, {"Retry-After": "60"})
    if world["slow"]:
        world["slow"] = False
        return failed("Timeout on Query.demarche", "timeout")
    if said.get("queryId") != "ds-query-v2":
        return failed(f'No query with id "{said.get("queryId")}"', "bad_request")
    asked = said["variables"]
    verbs = {"getDossier": one_dossier, "getDemarche": one_demarche, "getDemarcheDescriptor": about}
    verb = verbs.get(said["operationName"])
    if verb is None:
        return failed(f'No operation named "{said["operationName"]}"', "bad_request")
    return verb(asked, rights)


def hidden(kind):
    return failed(f"An object of type {kind} was hidden due to permissions", "unauthorized")


def about(asked, rights):
    number = asked["demarche"]["number"]
    if number not in DEMARCHES:
        return failed("Demarche not found", "not_found")
    if not DEMARCHES[number]["open"] and number not in rights:
        return hidden("DemarcheDescriptor")
    url = f"https://demarche.example/commencer/{DEMARCHES[number]['path']}"
    said = {"number": number, "title": title_of(number), "demarcheURL": url}
    return {"data": {"demarcheDescriptor": said}}


def one_dossier(asked, rights):
    one = world["dossiers"].get(asked["dossierNumber"])
    if one is None or one["filed"] is None or one["gone"]:
        return failed("Dossier not found", "not_found")
    if one["demarche"] not in rights:
        return hidden("Dossier")
    return {"data": {"dossier": node(one, asked)}}


def one_demarche(asked, rights):
    number = asked["demarcheNumber"]
    if number not in DEMARCHES:
        return failed("Demarche not found", "not_found")
    if number not in rights:
        return hidden("Demarche")
    found = [
        one for one in world["dossiers"].values() if one["demarche"] == number and one["filed"]
    ]
    if "updatedSince" in asked:
        since = datetime.fromisoformat(asked["updatedSince"])
        found = [one for one in found if one["changed"] >= since]
    if "state" in asked:
        found = [one for one in found if one["state"] == asked["state"]]
    start = int(base64.b64decode(asked["after"])) if "after" in asked else 0
    stop = start + min(asked.get("first", 100), 100)
    info = {"hasNextPage": stop < len(found), "endCursor": base64.b64encode(b"%d" % stop).decode()}
    nodes = [node(one, asked) for one in found[start:stop]]
    return {
        "data": {"demarche": {"number": number, "dossiers": {"pageInfo": info, "nodes": nodes}}}
    }


def node(one, asked):
    dates = {
        "dateDepot": one["filed"],
        "datePassageEnConstruction": one["filed"],
        "datePassageEnInstruction": one["instruction"],
        "dateTraitement": one["processed"],
        "dateDerniereModification": one["changed"],
    }
    said = {
        "id": typed("Dossier", one["number"]), "number": one["number"], "state": one["state"],
        "prefilled": True, "motivation": None, "usager": {"email": "mairie@voiron.example"},
        "demandeur": {"__typename": "PersonneMorale", "siret": "21380563500010"},
        **{key: at and at.isoformat() for key, at in dates.items()},
    }  # fmt: skip
    return said | ({"champs": one["champs"]} if asked.get("includeChamps", True) else {})


if __name__ == "__main__":
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--port", type=int, default=0)
    said.add_argument("--clock", choices=("still", "real"), default="still")
    asked = said.parse_args()
    reset()
    if asked.clock == "real":
        world["ahead"] = timedelta()
    run(Demarches, asked.port)
