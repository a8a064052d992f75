"""Nuki's Web API, as far as keypad codes go: `python -m fakes.nuki` prints its port.

Faithful to what `preau.integrations.nuki` says was read, and asynchronous like it: what is asked is
queued, and reaches the lock when a test says so (`POST /_set {"deliver": true}` before the next
reading; `{"prompt": true}`, before each) if it is online. Errors quote the value
that they refuse, as the real ones do.
"""

import json
import re
from urllib.parse import unquote

from fakes.lock_server import Fake, Said, serve

TOKEN = "nuki-token"
WRONG = "The supplied value '{}' for parameter '{}' is not valid"


class Nuki(Fake):
    @staticmethod
    def fresh():
        return {
            "locks": [lock(17, "Salle des fêtes"), lock(18, "Gymnase"), opener(19)],
            "auths": [],
            "queue": [],
            "deliver": False,
            "prompt": False,
            "next": 1,
            "most": 100,
        }

    def route(self, method, path, query, raw):
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Said(401, {"detailMessage": "Your access token is not authorized"})
        body = json.loads(raw) if raw else {}
        if path == "/smartlock" and method == "GET":
            return 200, self.state["locks"]
        if path == "/smartlock/auth" and method == "PUT":
            return self.create(body)
        listed = re.fullmatch(r"/smartlock/(\d+)/auth", path)
        if listed and method == "GET":
            return self.listed(int(listed[1]), query)
        one = re.fullmatch(r"/smartlock/(\d+)/auth/([^/]+)", path)
        if one and method in {"POST", "DELETE"}:
            return self.queue_on(method, int(one[1]), unquote(one[2]), body)
        raise Said(404, {"detailMessage": "Not found"})

    def create(self, body):
        for number in body["smartlockIds"]:
            device = self.device(number)
            self.check(body, device)
            self.state["queue"].append({"verb": "PUT", "lock": number, "body": body})
        return 204, None

    def check(self, body, device):
        code = str(body.get("code"))
        if body.get("type") == 13 and not device["config"].get("keypadPaired"):
            raise Said(422, {"detailMessage": WRONG.format(13, "type"), "stackTrace": []})
        if not re.fullmatch(r"(?!12)[1-9]{6}", code):
            raise Said(400, {"detailMessage": WRONG.format(code, "code"), "stackTrace": []})
        if not body.get("name") or len(body["name"]) > 20:
            raise Said(422, {"code": 422, "reasonPhrase": "Unprocessable Entity"})
        if any(
            str(one["code"]) == code and one["name"] != body["name"] for one in self.everywhere()
        ):
            raise Said(409, {"detailMessage": f"code {code} exists", "stackTrace": []})

    def everywhere(self):
        return self.state["auths"] + [job["body"] for job in self.state["queue"] if job["body"]]

    def listed(self, number, query):
        self.device(number)
        if self.state["deliver"] or self.state["prompt"]:
            self.state["deliver"] = False
            waiting, self.state["queue"] = self.state["queue"], []
            for job in waiting:
                self.reach(job)
        kinds = {int(one) for one in query["types"].split(",")} if "types" in query else None
        found = [one for one in self.state["auths"] if one["smartlockId"] == number]
        return 200, [one for one in found if kinds is None or one["type"] in kinds]

    def queue_on(self, method, number, pk, body):
        one = self.auth(number, pk)
        if one.get("operationId"):
            raise Said(423, {"stackTrace": [], "suppressedExceptions": []})
        if method == "POST":
            self.check({**one, **body}, self.device(number))
        one["operationId"] = "65219648fe57075d71a6cb01"
        self.state["queue"].append({"verb": method, "lock": number, "body": body, "id": pk})
        return 204, None

    def reach(self, job):
        """What the lock does with it; an offline lock never hears of it, and nobody is told."""
        device = self.device(job["lock"])
        online = device["serverState"] == 0
        if job["verb"] == "PUT":
            held = [one for one in self.state["auths"] if one["smartlockId"] == job["lock"]]
            if online and len(held) < self.state["most"]:
                self.state["auths"].append(self.kept(job))
            return
        one = self.auth(job["lock"], job["id"])
        del one["operationId"]
        if not online:
            one["error"] = "device offline"
        elif job["verb"] == "DELETE":
            self.state["auths"].remove(one)
        else:
            one.pop("error", None)
            one.update(job["body"])

    def kept(self, job):
        pk, self.state["next"] = self.state["next"], self.state["next"] + 1
        body = {key: value for key, value in job["body"].items() if key != "smartlockIds"}
        base = {"id": f"65219648fe57075d71a6{pk:04x}", "smartlockId": job["lock"], "authId": pk}
        return {**base, "enabled": True, "remoteAllowed": False, "lockCount": 0, **body}

    def device(self, number):
        for one in self.state["locks"]:
            if one["smartlockId"] == number:
                return one
        raise Said(404, {"detailMessage": "Not found"})

    def auth(self, number, pk):
        for one in self.state["auths"]:
            if one["smartlockId"] == number and one["id"] == pk:
                return one
        raise Said(404, {"detailMessage": "Not found"})


def lock(number, name):
    state = {"mode": 2, "state": 1, "trigger": 0, "batteryCritical": False, "batteryCharge": 80}
    return {
        "smartlockId": number,
        "accountId": 5,
        "type": 4,
        "name": name,
        "serverState": 0,
        "config": {"name": name, "keypadPaired": True, "timezoneId": 37},
        "state": {**state, "keypadBatteryCritical": False, "doorState": 2},
    }


def opener(number):
    base = lock(number, "Interphone")
    return {**base, "type": 2, "config": {"name": "Interphone", "keypadPaired": False}}


if __name__ == "__main__":
    serve(Nuki)
