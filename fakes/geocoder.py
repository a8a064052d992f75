"""A geocoder like IGN's, as far as our client leans on it: `python -m fakes.geocoder`.

Kept: GeoJSON, a score that may be doubtful, queries of 3 letters at least refused as the service
does, 50 answers a second then 429 (`POST /_limit/<n>` changes it). Texts that spoil one answer:
"panne", "lenteur", "autre forme". Prints its port.
"""

import argparse
import re
import time

from fakes.misbehaving import Handler, Said, run

KNOWN = {
    "12 rue des écoles voiron": {
        "label": "12 Rue des Écoles 38500 Voiron",
        "name": "12 Rue des Écoles",
        "postcode": "38500",
        "score": 0.93,
        "citycode": "38563",
        "point": [5.5905, 45.3653],
    },
    "place de verdun grenoble": {
        "label": "Place de Verdun 38000 Grenoble",
        "name": "Place de Verdun",
        "postcode": "38000",
        "score": 0.96,
        "citycode": "38185",
        "point": [5.7318, 45.1887],
    },
    "rue inconnue": {
        "label": "Rue Lointaine",
        "name": "Rue Lointaine",
        "postcode": "38500",
        "score": 0.2,
        "citycode": "38563",
        "point": [5, 45],
    },
}
opened = {"limit": 50}
recent = []


class Fake(Handler):
    def route(self, method, path, query, _body):
        limited()
        text = query.get("q", "").lower()
        if method != "GET" or path != "/search" or len(text) < 3 or not text[0].isalnum():
            detail = ["q: must contain between 3 and 200 chars and start with a letter or number"]
            raise Said(400, {"code": 400, "message": "Failed parsing query", "detail": detail})
        if text == "panne":
            raise Said(503, {"error": "maintenance"})
        if text == "lenteur":
            time.sleep(3)
        if text == "autre forme":
            return ["surprise"]
        found = KNOWN.get(text) or KNOWN.get(re.sub(r" 38\d{3}\b", "", text))
        features = [] if found is None else [feature(found)]
        return {"type": "FeatureCollection", "features": features}

    def door(self, path, _query, _body):
        opened["limit"] = int(path.removeprefix("/_limit/"))
        recent.clear()
        return {}


def limited():
    now = time.monotonic()
    recent[:] = [at for at in recent if now - at < 1]
    if len(recent) >= opened["limit"]:
        raise Said(429, {"code": 429, "message": "Too Many Requests"}, {"Retry-After": "5"})
    recent.append(now)


def feature(found):
    properties = {key: value for key, value in found.items() if key != "point"}
    point = {"type": "Point", "coordinates": found["point"]}
    return {
        "type": "Feature",
        "geometry": point,
        "properties": {**properties, "type": "housenumber"},
    }


if __name__ == "__main__":
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--port", type=int, default=0)
    run(Fake, said.parse_args().port)
