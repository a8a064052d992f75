"""A geocoder like IGN's, run as a process of its own: `python fake_geocoder.py` prints its port."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KNOWN = {
    "12 rue des écoles voiron": {
        "label": "12 Rue des Écoles 38500 Voiron",
        "score": 0.93,
        "citycode": "38563",
        "point": [5.5905, 45.3653],
    },
    "rue inconnue": {"label": "Rue Lointaine", "score": 0.2, "citycode": "38563", "point": [5, 45]},
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        text = query.get("q", [""])[0].lower()
        if parts.path != "/search" or len(text) < 3:
            return self.answer(400, {"code": 400, "message": "Parse error"})
        if text == "panne":
            return self.answer(503, {"error": "maintenance"})
        if text == "lenteur":
            time.sleep(3)
        if text == "autre forme":
            return self.answer(200, ["surprise"])
        found = KNOWN.get(text)
        features = [] if found is None else [feature(found)]
        return self.answer(200, {"type": "FeatureCollection", "features": features})

    def answer(self, status, body):
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *args):
        pass


def feature(found):
    point = {"type": "Point", "coordinates": found["point"]}
    properties = {key: found[key] for key in ("label", "score", "citycode")}
    return {"type": "Feature", "geometry": point, "properties": {**properties, "type": "street"}}


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
