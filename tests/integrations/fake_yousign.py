"""A signature service with Yousign's interface (API v3), run as a process: prints its port.

Faithful where our client leans on it: bearer key, draft → ongoing → done, filters by external_id,
multipart upload, the order of signers, 4xx for what is not allowed now. Its own doors, for tests:
`POST /_sign/<id>` (the next signer signs), `POST /_decline/<id>`, `GET /_calls`, `POST /_fail/<n>`
(the next n calls answer 503), `POST /_cut/<n>` (n calls are served, then one is done and unanswered).
"""

import json
import re
import sys
import uuid
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "test-key"
PROOF = b"%PDF-1.7\n% audit trail\n"
requests, calls, mood = {}, [], {"fail": 0, "cut": None}


class Said(Exception):
    """An answer: status and body."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.serve("GET")

    def do_POST(self):
        self.serve("POST")

    def serve(self, method):
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            self.answer(*self.route(method, parts.path, parse_qs(parts.query), body))
        except Said as said:
            self.answer(*said.args)

    def route(self, method, path, query, body):
        if path.startswith("/_"):
            return backdoor(path, body)
        calls.append(f"{method} {path}")
        if mood["fail"]:
            mood["fail"] -= 1
            raise Said(503, {"detail": "maintenance"})
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            raise Said(401, {"detail": "Unauthorized"})
        found = act(method, path.removeprefix("/v3"), query, body, self.headers)
        if mood["cut"] is not None:
            mood["cut"] -= 1
            if mood["cut"] < 0:
                mood["cut"] = None
                self.connection.close()
                raise Said(0, None)
        return found

    def answer(self, status, content):
        if not status:
            return
        pdf = isinstance(content, bytes)
        payload = content if pdf else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/pdf" if pdf else "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *args):
        pass


def act(method, path, query, body, headers):
    if path == "/signature_requests":
        return create(json.loads(body)) if method == "POST" else listed(query)
    one_path = re.fullmatch(r"/signature_requests/([^/]+)(/.*)?", path)
    if not one_path or one_path[1] not in requests:
        raise Said(404, {"detail": "Not Found"})
    one, rest = requests[one_path[1]], one_path[2] or ""
    if method == "GET" and not rest:
        return 200, shown(one)
    action = {
        ("POST", "/documents"): lambda: add_document(one, body, headers),
        ("POST", "/signers"): lambda: add_signer(one, json.loads(body)),
        ("POST", "/activate"): lambda: activate(one),
        ("POST", "/cancel"): lambda: cancel(one, json.loads(body)),
        ("GET", "/documents/download"): lambda: download(one, one["pdf"] + b"\n% signed\n"),
        ("GET", "/audit_trails/download"): lambda: download(one, PROOF),
    }.get((method, rest))
    if action is None:
        raise Said(405, {"detail": "Method Not Allowed"})
    return action()


def create(given):
    if given.get("delivery_mode") != "email" or not given.get("name"):
        raise Said(400, {"detail": "delivery_mode"})
    one = {**given, "id": str(uuid.uuid4()), "status": "draft", "signers": [], "documents": []}
    requests[one["id"]] = one
    return 201, shown(one)


def listed(query):
    wanted = query.get("external_id", [None])[0]
    data = [shown(one) for one in requests.values() if wanted in {None, one.get("external_id")}]
    return 200, {"meta": {"next_cursor": None}, "data": data}


def shown(one):
    kept = ("id", "status", "name", "external_id", "ordered_signers", "decline_information")
    signers = [{"id": signer["id"], "status": signer["status"]} for signer in one["signers"]]
    return {key: one.get(key) for key in kept} | {
        "signers": signers,
        "documents": [{"id": pk, "nature": "signable_document"} for pk in one["documents"]],
    }


def must(one, *states):
    if one["status"] not in states:
        raise Said(400, {"detail": f"The Signature Request is {one['status']}."})


def add_document(one, body, headers):
    must(one, "draft")
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    parts = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in BytesParser().parsebytes(head + body).get_payload()
    }
    if parts.get("nature") != b"signable_document" or not parts["file"].startswith(b"%PDF-"):
        raise Said(400, {"detail": "file"})
    one["pdf"] = parts["file"]
    one["documents"].append(str(uuid.uuid4()))
    return 201, {"id": one["documents"][-1], "nature": "signable_document"}


def add_signer(one, given):
    must(one, "draft")
    info, fields = given["info"], given["fields"]
    if "@" not in info["email"] or fields[0]["document_id"] not in one["documents"]:
        raise Said(400, {"detail": "signer"})
    one["signers"].append({"id": str(uuid.uuid4()), "status": "initiated", "info": info})
    return 201, {"id": one["signers"][-1]["id"], "status": "initiated"}


def activate(one):
    must(one, "draft")
    if not one["signers"] or not one["documents"]:
        raise Said(400, {"detail": "empty"})
    one["status"] = "ongoing"
    one["signers"][0]["status"] = "notified"
    return 201, shown(one)


def cancel(one, given):
    must(one, "approval", "ongoing")
    assert given["reason"]
    one["status"] = "canceled"
    return 201, shown(one)


def download(one, content):
    must(one, "done")
    return 200, content


def backdoor(path, _body):
    _, verb, *rest = path.split("/")
    if verb == "_calls":
        return 200, calls
    if verb in {"_fail", "_cut"}:
        mood[verb[1:]] = int(rest[0])
        return 200, {}
    one = requests[rest[0]]
    if verb == "_decline":
        one["status"], one["decline_information"] = "declined", {"reason": "Pas d’accord"}
        return 200, shown(one)
    waiting = [signer for signer in one["signers"] if signer["status"] != "signed"]
    waiting[0]["status"] = "signed"
    if len(waiting) > 1:
        waiting[1]["status"] = "notified"
    else:
        one["status"] = "done"
    return 200, shown(one)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
