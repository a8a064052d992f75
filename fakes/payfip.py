"""PayFiP on loopback: its SOAP service and its payment page, marked as a demonstration.

As its WSDL and DGFiP's documentation have it: an operation created is « P5 » until somebody pays,
« P1 » once forgotten; the notification carries only the idOp; what it became has to be asked.
`POST /fake/…` sets what goes wrong, for tests.

    python -m fakes.payfip --port 0
"""

from __future__ import annotations

import argparse
import contextlib
import html
import json
import secrets
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

SERVICE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/"
    "contrat_paiement_securise/PaiementSecuriseService"
)
FAULT = "fr.gouv.finances.cp.tpa.webservice.exceptions.FonctionnelleErreur"
CHOICES = {
    "P": "Payer par carte",
    "V": "Payer par prélèvement",
    "R": "Faire refuser par la banque",
    "A": "Abandonner",
    "K": "Répondre un code inconnu",
}
OPERATIONS: dict[str, dict[str, str]] = {}
#: What goes wrong: {"mode": "slow" | "down" | "html" | "truncated" | "401" | "429", "seconds": …}.
TROUBLE: dict[str, str] = {}
CALLS: list[str] = []
LOCK = threading.Lock()


class Fault(Exception):
    def __init__(self, code: str, label: str) -> None:
        super().__init__(code)
        self.code, self.label = code, label


def create(asked: dict[str, str]) -> str:
    numcli, saisie = asked.get("numcli", ""), asked.get("saisie", "")
    cents = asked.get("montant", "")
    if len(numcli) != 6 or not numcli.isdigit() or numcli == "000000":
        raise Fault("A1", "Numéro de collectivité inconnu.")
    if saisie not in ("T", "X", "W"):
        raise Fault("K1", "Type de saisie inconnu.")
    if not cents.isdigit() or not 100 <= int(cents) <= 10_000_000:
        raise Fault("M1", "Montant hors des bornes.")
    if not asked.get("refdet", "").isalnum() or len(asked["refdet"]) > 30:
        raise Fault("R1", "Référence de la dette incorrecte.")
    if not 6 <= len(asked.get("mel", "")) <= 80:
        raise Fault("E1", "Adresse électronique incorrecte.")
    idop = secrets.token_hex(16)
    with LOCK:
        OPERATIONS[idop] = {**asked, "resultrans": ""}
    return f"<idOp>{idop}</idOp>"


def detail(asked: dict[str, str]) -> str:
    with LOCK:
        found = dict(OPERATIONS.get(asked.get("idOp", ""), {}))
    if not found:
        raise Fault("P1", "IdOp incorrect.")
    if not found["resultrans"]:
        raise Fault("P5", "Résultat de la transaction non connu.")
    said = {
        name: found.get(name, "")
        for name in ("dattrans", "exer", "heurtrans", "mel", "montant", "numauto", "numcli")
    }
    rest = {name: found.get(name, "") for name in ("objet", "refdet", "resultrans", "saisie")}
    fields = {**said, "idOp": asked["idOp"], **rest}
    order = sorted(fields, key=str.lower)
    return "".join(f"<{name}>{html.escape(fields[name])}</{name}>" for name in order)


def client(asked: dict[str, str]) -> str:
    number = html.escape(asked.get("numCli", ""))
    return f"<libelleN1>RÉGIE DE DÉMONSTRATION</libelleN1><numcli>{number}</numcli>"


ANSWERS = {
    "creerPaiementSecurise": create,
    "recupererDetailPaiementSecurise": detail,
    "recupererDetailClient": client,
}


def envelope(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
        f"{body}</S:Body></S:Envelope>"
    ).encode()


def soap(body: bytes) -> tuple[int, bytes]:
    [call] = ElementTree.fromstring(body).find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
    name = call.tag.split("}")[1]
    CALLS.append(name)
    asked = {one.tag.split("}")[-1]: (one.text or "") for one in call.iter()}
    try:
        said = ANSWERS[name](asked)
    except Fault as fault:
        return 500, envelope(
            f"<S:Fault><faultcode>S:Server</faultcode><faultstring>{FAULT}</faultstring><detail>"
            f'<n:FonctionnelleErreur xmlns:n="{SERVICE}"><code>{fault.code}</code>'
            f"<descriptif>{fault.label}</descriptif><libelle>{fault.label}</libelle>"
            "<severite>2</severite></n:FonctionnelleErreur></detail></S:Fault>"
        )
    return 200, envelope(
        f'<n:{name}Response xmlns:n="{SERVICE}"><return>{said}</return></n:{name}Response>'
    )


def decide(idop: str, result: str, montant: str = "") -> dict[str, str] | None:
    now = datetime.now(ZoneInfo("Europe/Paris"))  # noqa: TID251  (a process of its own)
    with LOCK:
        found = OPERATIONS.get(idop)
        if found is None:
            return None
        found["resultrans"] = result
        found["dattrans"], found["heurtrans"] = now.strftime("%d%m%Y"), now.strftime("%H%M")
        if result in "PV":
            found["numauto"] = f"{secrets.randbelow(10**6):06d}"
        if montant:
            found["montant"] = montant
        return dict(found)


def notify(operation: dict[str, str], idop: str) -> None:
    """POST with the idOp alone; whatever is answered, it goes on."""
    request = urllib.request.Request(
        operation["urlnotif"], data=f"idop={idop}".encode(), method="POST"
    )
    try:
        urllib.request.urlopen(request, timeout=5).close()
    except (OSError, urllib.error.URLError, ValueError):
        print("notification not received", file=sys.stderr)


def page(idop: str) -> str:
    with LOCK:
        found = dict(OPERATIONS.get(idop, {}))
    if not found or found["resultrans"]:
        inside = "<h1>PayFiP, démonstration</h1><p>Cette opération est inconnue ou terminée.</p>"
    else:
        cents = int(found["montant"])
        buttons = "".join(
            f'<p><button name="resultat" value="{code}">{words}</button></p>'
            for code, words in CHOICES.items()
        )
        inside = (
            "<h1>PayFiP, démonstration</h1><p><strong>Démonstration</strong> : aucun argent ne"
            f" circule.</p><p>{html.escape(found.get('objet', ''))}</p>"
            f"<p>Montant : {cents // 100},{cents % 100:02d} €</p>"
            f'<form method="post"><input type="hidden" name="idop" value="{html.escape(idop)}">'
            f"{buttons}</form>"
        )
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>PayFiP, démonstration</title>'
        '<link rel="icon" href="data:,">'
        "<style>body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}"
        "button{font:inherit;width:100%;padding:.6rem;text-align:left}</style>"
        f"</head><body><main>{inside}</main></body></html>"
    )


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args: object) -> None: ...

    def reply(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/tpa/paiementws.web":
            idop = parse_qs(address.query).get("idop", [""])[0]
            self.reply(200, page(idop).encode(), "text/html; charset=utf-8")
        elif address.path == "/fake/calls":
            self.reply(200, json.dumps(CALLS).encode(), "application/json")
        else:
            self.reply(404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path == "/tpa/services/securite":
            self.serve(body)
        elif path == "/tpa/paiementws.web":
            sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self.pay(sent.get("idop", ""), sent.get("resultat", "A"))
        elif path == "/fake/trouble":
            TROUBLE.clear()
            TROUBLE.update(json.loads(body or b"{}"))
            self.reply(200, b"{}", "application/json")
        elif path == "/fake/result":
            said = json.loads(body)
            decide(said["idop"], said["result"], said.get("montant", ""))
            self.reply(200, b"{}", "application/json")
        elif path == "/fake/forget":
            with LOCK:
                OPERATIONS.clear()
            self.reply(200, b"{}", "application/json")
        else:
            self.reply(404, b"", "text/plain")

    def serve(self, body: bytes) -> None:
        mode = TROUBLE.get("mode", "")
        if mode == "slow":
            time.sleep(float(TROUBLE.get("seconds", "30")))
        if mode == "html":
            self.reply(200, b"<html>Maintenance</html>", "text/html")
        elif mode == "down":
            self.reply(503, b"Service indisponible", "text/plain")
        elif mode in {"401", "429", "500"}:
            self.reply(int(mode), b"", "text/plain", Retry_After="60")
        else:
            status, said = soap(body)
            if mode == "drip":
                self.drip(status, said)
                return
            cut = len(said) // 2 if mode == "truncated" else len(said)
            self.reply(status, said[:cut], "text/xml; charset=utf-8")

    def drip(self, status: int, body: bytes) -> None:
        """A letter at a time: each piece in time, the whole never."""
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # they hang up
            for one in body:
                self.wfile.write(bytes([one]))
                time.sleep(0.05)

    def pay(self, idop: str, result: str) -> None:
        found = decide(idop, result if result in CHOICES else "A")
        if found is None:
            self.reply(200, page(idop).encode(), "text/html; charset=utf-8")
            return
        notify(found, idop)
        where = found["urlredirect"]
        self.reply(302, b"", "text/plain", Location=f"{where}?idop={idop}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
