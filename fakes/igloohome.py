"""iglooaccess and its sign-in, as far as algoPINs go: `python -m fakes.igloohome` prints its port.

Faithful to what `preau.integrations.igloohome` says was read: a code is computed from the device,
the window and the variance (the same again gives the same), dates are on the hour with an offset,
nothing deletes a code. Errors quote what was sent.
"""

import hashlib
import json
import re
from base64 import b64encode
from datetime import datetime, timedelta

from fakes.lock_server import Fake, Said, serve

BASIC = "Basic " + b64encode(b"igloo-id:igloo-secret").decode()
DATE = r"\d{4}-\d\d-\d\dT\d\d:00:00[+-]\d\d:\d\d"
VARIANCES = {"hourly": 3, "daily": 3, "onetime": 5, "permanent": 5}


class Igloohome(Fake):
    @staticmethod
    def fresh():
        return {
            "tokens": [],
            "devices": [device("IGP1"), device("IGB4"), device("EB1X", "Bridge")],
            "given": [],
            "page": 2,
            "stuck": False,
            "expires_in": 3600,
            "refusal": 400,
            "digits": 9,
        }

    def route(self, method, path, query, raw):
        if path == "/oauth2/token":
            return self.sign_in(raw.decode())
        kept = [f"Bearer {token}" for token in self.state["tokens"]]
        if self.headers.get("Authorization") not in kept:
            raise Said(401, {"message": "Unauthorized"})
        if path == "/devices" and method == "GET":
            return 200, self.devices(query)
        asked = re.fullmatch(r"/devices/([^/]+)/algopin/(\w+)", path)
        if not asked or method != "POST" or asked[2] not in VARIANCES:
            raise Said(404, {"message": "Not found"})
        return 200, self.pin(asked[1], asked[2], json.loads(raw))

    def sign_in(self, form):
        if self.headers.get("Authorization") != BASIC:
            raise Said(self.state["refusal"], {"error": "invalid_client"})
        if form != "grant_type=client_credentials":
            raise Said(400, {"error": "unsupported_grant_type"})
        self.state["tokens"].append(f"igloo-token-{len(self.state['tokens'])}")
        life = {"expires_in": self.state["expires_in"], "token_type": "Bearer"}
        return 200, {"access_token": self.state["tokens"][-1], **life}

    def devices(self, query):
        rows, size = self.state["devices"], self.state["page"]
        first = 0 if self.state["stuck"] else int(query.get("cursor") or 0)
        following = str(first + size) if first + size < len(rows) else ""
        return {"nextCursor": following, "payload": rows[first : first + size]}

    def pin(self, name, kind, body):
        if name not in [one["deviceId"] for one in self.state["devices"]]:
            raise Said(404, {"message": "Device not found"})
        if not 1 <= body["variance"] <= VARIANCES[kind]:
            raise Said(400, {"message": f"'variance' of {body['accessName']} is out of range"})
        for key in ("startDate", "endDate")[: 2 if kind in {"hourly", "daily"} else 1]:
            if not re.fullmatch(DATE, body.get(key, "")):
                raise Said(400, {"message": f"'{key}' must be in format YYYY-MM-DDTHH:00:00+hh:mm"})
        self.fits(kind, body)
        window = f"{name} {kind} {body['startDate']} {body.get('endDate')} {body['variance']}"
        digits = str(int(hashlib.sha256(window.encode()).hexdigest(), 16))
        pk = f"PIN{len(self.state['given'])}"
        self.state["given"].append({"pinId": pk, "kind": kind, **body})
        return {"pin": digits[: self.state["digits"]], "pinId": pk}

    def fits(self, kind, body):
        if kind not in {"hourly", "daily"}:
            return
        start, end = (datetime.fromisoformat(body[key]) for key in ("startDate", "endDate"))
        if kind == "hourly" and not timedelta(hours=1) <= end - start <= timedelta(hours=672):
            raise Said(400, {"message": "duration must be 1 to 672 hours"})
        days = (end.date() - start.date()).days
        if kind == "daily" and start.hour != end.hour:
            raise Said(400, {"message": "start and end must be at the same hour"})
        if kind == "daily" and not 29 <= days <= 367:
            raise Said(400, {"message": "duration must be 29 to 367 days"})


def device(pk, kind="Lock"):
    return {
        "id": f"row-{pk}",
        "type": kind,
        "deviceId": pk,
        "deviceName": f"Porte {pk}",
        "pairedAt": "2026-01-05T09:00:00Z",
        "homeId": [],
        "linkedDevices": [],
    }


if __name__ == "__main__":
    serve(Igloohome)
