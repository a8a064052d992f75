"""The tables of the fake Grist: ids made of names, types, cells, rows and what they tell."""

import re
import unicodedata
from datetime import date

from fakes.misbehaving import Said

EMPTY = {"Text": "", "Choice": "", "Int": 0, "Numeric": 0, "Bool": False}
CODES = set("LlOoDdSCRrEPUVG")


def ident(name, taken, prefix, capital):
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[^a-zA-Z0-9_]+", "_", plain).lstrip("_")
    plain = (prefix + plain if plain[:1].isdigit() else plain) or "Table1"
    plain = plain[:1].upper() + plain[1:] if capital else plain
    taken, tried, number = {one.lower() for one in taken}, plain, 2
    while tried.lower() in taken:
        tried, number = f"{plain}{number}", number + 1
    return tried


def add_table(doc, said):
    name = ident(said["id"], doc["tables"], "T", capital=True)
    table = doc["tables"][name] = {"columns": {}, "rows": {}, "next": 1}
    for one in said["columns"]:
        add_column(table, one)
    return name


def add_column(table, said):
    name = ident(said["id"], [*table["columns"], "id", "manualSort"], "c", capital=False)
    fields = {"type": "Text", "label": said["id"], **said.get("fields", {})}
    table["columns"][name] = fields
    for row in table["rows"].values():
        row[name] = EMPTY.get(fields["type"].partition(":")[0])
    return name


def columns(table, method, query, said):
    if method == "GET":
        found = table["columns"].items()
        return {"columns": [{"id": name, "fields": dict(fields)} for name, fields in found]}
    named = {one["id"] for one in said["columns"]}
    for one in said["columns"]:
        if one["id"] in table["columns"]:
            if "noupdate" not in query:
                table["columns"][one["id"]].update(one.get("fields", {}))
        elif "noadd" not in query:
            add_column(table, one)
    if "replaceall" in query:
        for gone in set(table["columns"]) - named:
            del table["columns"][gone]
            for row in table["rows"].values():
                del row[gone]
    return None


def payload(said, kind):
    """As the server's checker: the first fault, in its words."""
    records = said.get("records") if isinstance(said, dict) else None
    fault = None
    if records is None:
        fault = "Error: body.records is missing"
    elif not isinstance(records, list):
        fault = "Error: body.records is not an array"
    elif not records:
        fault = f"Error: body.records[0] is not a {kind}; body.records[0] is not an object"
    elif kind == "AddOrUpdateRecord" and any("require" not in one for one in records):
        fault = (
            "Error: body.records[0] is not a AddOrUpdateRecord; body.records[0].require is missing"
        )
    elif not all(is_cell(cell) for one in records for cell in one.get("fields", {}).values()):
        fault = (
            f"Error: body.records[0] is not a {kind}; body.records[0].fields.A is not a CellValue"
        )
    if fault:
        raise Said(400, {"error": "Invalid payload", "details": {"userError": fault}})
    return records


def is_cell(cell):
    if isinstance(cell, list):
        return bool(cell) and cell[0] in CODES
    return not isinstance(cell, dict)


def known(table, fields):
    for column in fields:
        if column not in {*table["columns"], "id"}:
            raise Said(400, {"error": f'Invalid column "{column}"'})


def stored(table, column, cell, query):
    kind = "Int" if column == "id" else table["columns"][column]["type"].partition(":")[0]
    if isinstance(cell, str) and "noparse" not in query:
        cell = parsed(kind, cell)
    if kind in {"Text", "Choice"} and type(cell) in {int, float}:
        return str(cell)
    return cell


def parsed(kind, text):
    plain = text.strip().replace("$", "").replace(" ", "")
    try:
        if kind in {"Int", "Numeric"}:
            number = float(plain.replace(",", "."))
            return int(number) if number.is_integer() else number
        if kind == "Date":
            return (date.fromisoformat(plain) - date(1970, 1, 1)).days * 86_400
    except ValueError:
        return text
    if kind == "Bool":
        return {"true": True, "false": False}.get(plain.lower(), text)
    if kind == "ChoiceList":
        return ["L", *(one.strip() for one in text.split(","))] if text else None
    return text


def write(doc, name, row_id, fields):
    """Add (no id) or change a row, and tell the webhooks."""
    table = doc["tables"][name]
    event = "add" if row_id is None else "update"
    if row_id is None:
        row_id, table["next"] = table["next"], table["next"] + 1
        empty = {
            one: EMPTY.get(kind["type"].partition(":")[0]) for one, kind in table["columns"].items()
        }
        table["rows"][row_id] = empty
    row = table["rows"][row_id]
    changed = {column for column, cell in fields.items() if row[column] != cell}
    row.update(fields)
    for hook in doc["webhooks"].values():
        asked = hook["fields"]
        watched = set(asked.get("watchedColIds") or table["columns"])
        ready = asked.get("isReadyColumn")
        concerned = asked["tableId"] == name and event in asked["eventTypes"] and asked["enabled"]
        if concerned and (event == "add" or changed & watched) and (not ready or row[ready]):
            hook["waiting"].append({"id": row_id, "manualSort": row_id, **row})
    return row_id
