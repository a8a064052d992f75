"""A Grist server, as far as our client leans on it: `python -m fakes.grist` prints its port.

Its quirks: ids made of names, an existing name yields another table, strings parsed unless
`noparse`, upserts by groups of one shape, 1 MB bodies, 10 requests at once, webhooks of owners
towards listed domains, unsigned, without deletions. Keys: `owner`, `editor`, `viewer`.
`/doc/<doc>` shows what a document holds.

Doors: `/_reset`, `/_hold` and `/_release` (calls wait inside), `/_inside/<doc>`, `/_calls`,
`/_daily/<n>` (calls left today), `/_old` (upserts answer null),
`/_person/<doc>/<table>` (somebody writes rows: `{"row": {column: cell}}`), `/_deliver/<webhook>`
(posts what waits).
"""

import argparse
import html
import json
import threading
import urllib.error
import urllib.request
from urllib.parse import unquote, urlsplit

from fakes.grist_tables import add_table, columns, known, payload, stored, write
from fakes.misbehaving import Handler, Said, lock, run

LARGEST_BODY = 1_048_576
AT_ONCE = 10
AT_ONE_DELIVERY = 100
TRIES = 20
FIRST_ROWS = 20
ALLOWED = ("localhost", "127.0.0.1", "preau.example")
docs, inside, calls = {}, {}, []
gate = threading.Event()
limits = {"daily": None, "old": False}


def reset():
    gate.set()
    docs.clear()
    inside.clear()
    calls.clear()
    limits.update(daily=None, old=False)
    docs["doc"] = {"tables": {}, "webhooks": {}}
    add_table(docs["doc"], {"id": "Table1", "columns": [{"id": letter} for letter in "ABC"]})


class Grist(Handler):
    def door(self, path, query, body):
        name, *rest = path.removeprefix("/_").split("/")
        return getattr(Doors, name)(*rest, **(json.loads(body) if body else {}))

    def route(self, method, path, query, body):
        if method == "GET" and not path.startswith("/api/"):
            raise Said(
                200, page(path.rpartition("/")[2]).encode(), None, "text/html; charset=utf-8"
            )
        role = self.role()
        if len(body) > LARGEST_BODY:
            raise Said(413, {"error": "request entity too large"})
        parts = [unquote(part) for part in path.removeprefix("/api/").split("/")]
        said = self.read(body)
        if parts[0] != "docs":
            return home(method, parts, said)
        with lock:
            calls.append({"method": method, "path": path, "query": query, "bytes": len(body)})
        return self.within(role, method, parts, query, said)

    def role(self):
        header = self.headers.get("Authorization")
        if header is None:
            raise Said(403, {"error": "No view access"})
        kind, _, key = header.partition(" ")
        if kind != "Bearer" or key not in {"owner", "editor", "viewer"}:
            raise Said(401, {"error": "Bad request: invalid API key"})
        return key

    def read(self, body):
        """As Express: a body of another type is not read, and is an empty one."""
        if not body or self.headers.get("Content-Type") != "application/json":
            return {}
        try:
            return json.loads(body)
        except ValueError:
            raise Said(400, {"error": "Malformed JSON"}) from None

    def within(self, role, method, parts, query, said):
        name = parts[1]
        with lock:
            if name not in docs:
                raise Said(404, {"error": "document not found"})
            inside[name] = inside.get(name, 0) + 1
        try:
            if inside[name] > AT_ONCE:
                text = f"Too many backlogged requests for document {name} - try again later?"
                raise Said(429, {"error": text})
            count_the_day(name)
            gate.wait(20)
            with lock:
                return ask(docs[name], role, method, parts[2:], query, said)
        finally:
            with lock:
                inside[name] -= 1


class Doors:
    @staticmethod
    def reset():
        with lock:
            reset()

    @staticmethod
    def hold():
        gate.clear()

    @staticmethod
    def release():
        gate.set()

    @staticmethod
    def inside(doc):
        return inside.get(doc, 0)

    @staticmethod
    def calls():
        return calls

    @staticmethod
    def daily(left):
        limits["daily"] = int(left)

    @staticmethod
    def old():
        limits["old"] = True

    @staticmethod
    def person(doc, table, row):
        with lock:
            return write(docs[doc], table, row.pop("id", None), row)

    @staticmethod
    def deliver(webhook):
        (hook,) = (one["webhooks"][webhook] for one in docs.values() if webhook in one["webhooks"])
        return deliver(hook)


def count_the_day(name):
    with lock:
        if limits["daily"] is not None:
            if limits["daily"] < 1:
                raise Said(429, {"error": f"Exceeded daily limit for document {name}"})
            limits["daily"] -= 1


def home(method, parts, said):
    if (method, parts) == ("GET", ["orgs"]):
        return [{"id": 2, "name": "Préau", "access": "owners"}]
    if method == "POST" and parts[0] == "orgs" and parts[2:] == ["workspaces"]:
        return 7
    if method == "POST" and parts[0] == "workspaces" and parts[2:] == ["docs"]:
        name = f"doc{len(docs)}"
        docs[name] = {"tables": {}, "webhooks": {}}
        columns = [{"id": letter} for letter in "ABC"]
        add_table(docs[name], {"id": "Table1", "columns": columns})
        return name
    raise Said(404, {"error": "not found"})


def ask(doc, role, method, parts, query, said):
    if role == "viewer" and method != "GET":
        raise Said(403, {"error": "No write access"})
    if parts[0] == "webhooks":
        if role != "owner":
            raise Said(403, {"error": "Access denied"})
        return webhooks(doc, method, parts[1:], said)
    if parts == ["tables"]:
        if method == "POST":
            return {"tables": [{"id": add_table(doc, one)} for one in said["tables"]]}
        return {"tables": [{"id": name, "fields": {}} for name in doc["tables"]]}
    name = parts[1]
    if name not in doc["tables"]:
        raise Said(404, {"error": f'Table not found "{name}"'})
    table = doc["tables"][name]
    if parts[2] == "columns":
        return columns(table, method, query, said)
    if parts[2:] == ["records", "delete"]:
        for one in said:
            table["rows"].pop(one, None)
        return None
    verb = {"GET": listed, "POST": added, "PATCH": updated, "PUT": upserted}[method]
    return verb(doc, name, table, query, said)


def listed(doc, name, table, query, said):
    rows = [{"id": key, **row} for key, row in table["rows"].items()]
    for column, wanted in json.loads(query.get("filter", "{}")).items():
        known(table, [column])
        if not isinstance(wanted, list):
            raise Said(400, {"error": "Invalid query: filter values must be arrays"})
        rows = [row for row in rows if row[column] in wanted]
    for column in reversed(query["sort"].split(",") if "sort" in query else []):
        rows.sort(key=lambda row: row[column.lstrip("-")], reverse=column.startswith("-"))
    rows = rows[: int(query.get("limit", 0)) or None]
    return {"records": [{"id": row.pop("id"), "fields": row} for row in rows]}


def added(doc, name, table, query, said):
    records, made = payload(said, "NewRecord"), []
    for one in records:
        known(table, one.get("fields", {}))
    for one in records:
        fields = {
            key: stored(table, key, cell, query) for key, cell in one.get("fields", {}).items()
        }
        made.append({"id": write(doc, name, None, fields)})
    return {"records": made}


def updated(doc, name, table, query, said):
    records = payload(said, "Record")
    if len({frozenset(one["fields"]) for one in records}) > 1:
        raise Said(400, {"error": "PATCH requires all records to have same fields"})
    for one in records:
        known(table, one["fields"])
        if one["id"] not in table["rows"]:
            raise Said(400, {"error": f"Invalid row id {one['id']}"})
    for one in records:
        fields = {key: stored(table, key, cell, query) for key, cell in one["fields"].items()}
        write(doc, name, one["id"], fields)


def upserted(doc, name, table, query, said):
    many = query.get("onmany", "first")
    if many not in {"first", "none", "all"}:
        raise Said(400, {"error": f"onmany parameter {many} should be one of first,none,all"})
    groups, found = {}, {}
    for position, one in enumerate(payload(said, "AddOrUpdateRecord")):
        known(table, {**one["require"], **one.get("fields", {})})
        both = (
            {key: stored(table, key, cell, query) for key, cell in part.items()}
            for part in (one["require"], one.get("fields", {}))
        )
        shape = (frozenset(one["require"]), frozenset(one.get("fields", {})))
        groups.setdefault(shape, []).append((position, *both))
    for (required, _), records in groups.items():
        if not required and "allow_empty_require" not in query:
            refused("require is empty but allow_empty_require isn't set")
        if required and len({json.dumps(one[1], sort_keys=True) for one in records}) < len(records):
            refused("require values must be unique")
    answer = {"recordIds": found, "addRecordIds": [], "updateRecordIds": []}
    for records in groups.values():
        # Rows are looked for before any of the group is written.
        matches = lookup(table, list(records[0][1]))
        for position, require, fields in records:
            matched = matches.get(json.dumps([require[key] for key in records[0][1]]), [])
            found[position] = one_upsert(doc, name, matched, (require, fields), query, answer)
    answer["recordIds"] = [found[position] for position in sorted(found)]
    return None if limits["old"] else answer


def refused(text):
    raise Said(400, {"error": f"Error manipulating data: [Sandbox] ValueError {text}"})


def lookup(table, columns):
    """Rows by what these columns hold."""
    found = {}
    for key, row in table["rows"].items():
        cells = [key if column == "id" else row[column] for column in columns]
        found.setdefault(json.dumps(cells), []).append(key)
    return found


def one_upsert(doc, name, matched, both, query, answer):
    require, fields = both
    if not matched:
        if "noadd" in query:
            return []
        made = {column: cell for column, cell in {**require, **fields}.items() if column != "id"}
        answer["addRecordIds"].append(write(doc, name, None, made))
        return answer["addRecordIds"][-1:]
    if "noupdate" in query:
        return []
    if len(matched) > 1 and query.get("onmany", "first") != "all":
        matched = matched[:1] if query.get("onmany", "first") == "first" else []
    for key in matched:
        write(doc, name, key, fields)
    answer["updateRecordIds"] += matched
    return matched


def webhooks(doc, method, parts, said):
    if method == "GET":
        return {"webhooks": [shown(key, hook) for key, hook in doc["webhooks"].items()]}
    if method == "DELETE":
        if doc["webhooks"].pop(parts[0], None) is None:
            raise Said(404, {"error": "Webhook not found"})
        return {"success": True}
    made = []
    for one in said["webhooks"]:
        fields = one["fields"]
        address = urlsplit(fields["url"])
        near = address.hostname in {"localhost", "127.0.0.1"}
        if address.hostname not in ALLOWED or (address.scheme != "https" and not near):
            raise Said(403, {"error": "Provided url is forbidden"})
        if fields["tableId"] not in doc["tables"]:
            raise Said(404, {"error": f'Table not found "{fields["tableId"]}"'})
        for column in fields.get("watchedColIds", []):
            if column not in doc["tables"][fields["tableId"]]["columns"]:
                raise Said(404, {"error": f'Column not found "{column}"'})
        key = f"hook-{len(doc['webhooks']) + 1}"
        doc["webhooks"][key] = {"fields": fields, "waiting": [], "tries": 0}
        made.append({"id": key})
    return {"webhooks": made}


def page(name):
    """What somebody sees of a document: its tables and their first rows."""
    with lock:
        tables = docs.get(name, docs["doc"])["tables"]
        said = "".join(drawn(key, one) for key, one in tables.items())
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        "<title>Grist (démonstration)</title><style>body{font:1rem/1.5 sans-serif;margin:1rem}"
        "table{border-collapse:collapse}td,th{border:1px solid;padding:.2rem .5rem}"
        "div{overflow:auto}</style></head><body><h1>Grist (démonstration)</h1>"
        f"<p>Ceci imite Grist. Recharger la page montre ce qui vient d’arriver.</p>{said}"
        "</body></html>"
    )


def drawn(name, table):
    heads = "".join(f"<th>{html.escape(one['label'])}</th>" for one in table["columns"].values())
    rows = list(table["rows"].values())
    lines = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(row[one]))}</td>" for one in table["columns"])
        for row in rows[:FIRST_ROWS]
    )
    return (
        f"<h2>{html.escape(name)} ({len(rows)})</h2>"
        f'<div tabindex="0"><table><tr>{heads}</tr>{lines}</table></div>'
    )


def shown(key, hook):
    status = "retrying" if hook["tries"] else "idle"
    usage = {"numWaiting": len(hook["waiting"]), "status": status}
    return {"id": key, "fields": hook["fields"], "usage": usage}


def deliver(hook):
    rows = hook["waiting"][:AT_ONE_DELIVERY]
    asked = urllib.request.Request(hook["fields"]["url"], json.dumps(rows).encode(), method="POST")
    asked.add_header("Content-Type", "application/json")
    asked.add_header("Authorization", hook["fields"].get("authorization", ""))
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:
            status = answer.status
    except (urllib.error.URLError, OSError):
        status = 0
    hook["tries"] = 0 if status == 200 else hook["tries"] + 1
    if status == 200 or hook["tries"] >= TRIES:
        del hook["waiting"][:AT_ONE_DELIVERY]
        hook["tries"] = 0
    return {"rows": len(rows), "status": status}


if __name__ == "__main__":
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--port", type=int, default=0)
    reset()
    run(Grist, said.parse_args().port)
