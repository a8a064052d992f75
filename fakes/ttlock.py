"""TTLock's open platform, as far as passcodes go: `python -m fakes.ttlock` prints its port.

Faithful to what `preau.integrations.ttlock` says was read: every error is a 200 with `errcode`,
and the lock is not the cloud: `doors` says which codes open which lock, whatever the cloud lists.
"""

import re
import time
from urllib.parse import parse_qsl

from fakes.lock_server import Fake, Said, serve

ACCOUNT = {"clientId": "client", "clientSecret": "secret"}
USERNAME, MD5 = "mairie", "5f4dcc3b5aa765d61d8327deb882cf99"  # of « password »
DONE = {"errcode": 0, "errmsg": "none error message", "description": "表示成功或是"}
HOUR = 3_600_000


def no(errcode):
    raise Said(200, {"errcode": errcode, "errmsg": "said no", "description": "…"})


class TTLock(Fake):
    @staticmethod
    def fresh():
        return {
            "tokens": {"access-0": True},
            "refresh": ["refresh-0"],
            "locks": [lock(21, 1), lock(22, 0), *(lock(100 + n, 0) for n in range(120))],
            "gateways": {"7": {"locks": [21], "isOnline": 1}},
            "busy": False,
            "codes": [],
            "doors": {},
            "unused": True,
            "deleted": [],
            "next": 1,
            "skew": 0,
            "month": 1000,
            "most": 250,
            "expires_in": 7_776_000,
        }

    def route(self, method, path, query, raw):
        said = dict(parse_qsl(raw.decode())) if method == "POST" else query
        if path == "/oauth2/token":
            return 200, self.sign_in(said)
        actions = {
            "/v3/lock/list": self.list_locks,
            "/v3/lock/listKeyboardPwd": self.list_codes,
            "/v3/gateway/listByLock": self.gateways,
            "/v3/gateway/detail": self.gateway,
            "/v3/keyboardPwd/add": self.add,
            "/v3/keyboardPwd/get": self.get,
            "/v3/keyboardPwd/change": self.change,
            "/v3/keyboardPwd/delete": self.delete,
        }
        if path not in actions:
            raise Said(404, {"error": "Not Found"})
        self.admitted(said)
        return 200, actions[path](said)

    def sign_in(self, said):
        if {key: said.get(key) for key in ACCOUNT} != ACCOUNT:
            no(10001)
        if said.get("grant_type") == "refresh_token":
            if said.get("refresh_token") not in self.state["refresh"]:
                no(10011)
        elif (said.get("username"), said.get("password")) != (USERNAME, MD5):
            no(30005 if not re.fullmatch("[0-9a-f]{32}", said.get("password", "")) else 10007)
        pk = len(self.state["tokens"])
        self.state["tokens"][f"access-{pk}"] = True
        self.state["refresh"].append(f"refresh-{pk}")
        life = {"expires_in": self.state["expires_in"], "uid": 2340}
        return {"access_token": f"access-{pk}", "refresh_token": f"refresh-{pk}", **life}

    def admitted(self, said):
        if self.state.get("errcode"):
            no(self.state["errcode"])
        if said.get("clientId") != ACCOUNT["clientId"]:
            no(10000)
        known = self.state["tokens"].get(said.get("accessToken"))
        if not known:
            no(10003 if known is None else 10004)
        if abs(int(said["date"]) / 1000 - time.time() - self.state["skew"]) > 300:
            no(80000)
        self.state["month"] -= 1
        if self.state["month"] < 0:
            no(30007)

    def list_locks(self, said):
        return self.page(self.state["locks"], said, 1000)

    def list_codes(self, said):
        self.lock(said)
        mine = [one for one in self.state["codes"] if one["lockId"] == int(said["lockId"])]
        return self.page(mine, said, 100)

    def page(self, rows, said, most):
        number, size = int(said["pageNo"]), min(int(said["pageSize"]), most)
        first = (number - 1) * size
        pages = -(-len(rows) // size)
        where = {"pageNo": number, "pageSize": size, "pages": pages, "total": len(rows)}
        return {"list": rows[first : first + size], **where}

    def gateways(self, said):
        pk = self.lock(said)["lockId"]
        near = [int(key) for key, one in self.state["gateways"].items() if pk in one["locks"]]
        return {"list": [{"gatewayId": key, "gatewayName": "G2", "rssi": -65} for key in near]}

    def gateway(self, said):
        one = self.state["gateways"].get(said["gatewayId"])
        if one is None:
            no(-4037)
        return {"gatewayId": int(said["gatewayId"]), "isOnline": one["isOnline"], "lockNum": 1}

    def add(self, said):
        pk = self.lock(said)["lockId"]
        code = said["keyboardPwd"]
        remote = said.get("addType", "1") == "2"
        self.fits(pk, code)
        if remote:
            self.reach(pk)
            if len(self.state["doors"].get(str(pk), [])) >= self.state["most"]:
                no(-3009)
            self.opens(pk, code)
        return {"keyboardPwdId": self.note(said, code, custom=1)}

    def get(self, said):
        pk = self.lock(said)["lockId"]
        start, end = (int(said[key]) // HOUR * HOUR for key in ("startDate", "endDate"))
        if said["keyboardPwdType"] != "3" or end - start > 366 * 24 * HOUR:
            no(-3)
        if [pk, start, end] in self.state["deleted"]:
            no(-1026)
        code = f"{pk * 7919 + start // HOUR:08d}"[-8:]
        self.opens(pk, code)
        dates = {"startDate": start, "endDate": end}
        return {"keyboardPwd": code, "keyboardPwdId": self.note({**said, **dates}, code, custom=0)}

    def change(self, said):
        one = self.code(said)
        remote = said.get("changeType", "1") == "2"
        code = said.get("newKeyboardPwd")
        if code:
            self.fits(one["lockId"], code)
        if remote:
            self.reach(one["lockId"])
            if not one["isCustom"] and self.state["unused"]:
                no(-3008)
            if code:
                self.closes(one)
                self.opens(one["lockId"], code)
        if code:
            one["keyboardPwd"] = code
        if "startDate" in said:  # without it, it succeeds and does nothing
            one.update(startDate=int(said["startDate"]), endDate=int(said["endDate"]))
        return DONE

    def delete(self, said):
        one = self.code(said)
        if said.get("deleteType", "1") == "2":
            self.reach(one["lockId"])
            self.closes(one)
        self.state["codes"].remove(one)
        self.state["deleted"].append([one["lockId"], one["startDate"], one["endDate"]])
        return DONE

    def fits(self, pk, code):
        if not re.fullmatch(r"\d{4,9}", code):
            no(-3006)
        if len(set(code)) == 1 or code in "0123456789" or code in "9876543210":
            no(-2032)
        if any(one["keyboardPwd"] == code and one["lockId"] == pk for one in self.state["codes"]):
            no(-3007)

    def reach(self, pk):
        near = [one for one in self.state["gateways"].values() if pk in one["locks"]]
        if not near:
            no(-2012)
        if not any(one["isOnline"] for one in near):
            no(-3002)
        if self.state["busy"]:
            no(-3003)

    def opens(self, pk, code):
        self.state["doors"].setdefault(str(pk), []).append(code)

    def closes(self, one):
        self.state["doors"][str(one["lockId"])].remove(one["keyboardPwd"])

    def note(self, said, code, *, custom):
        pk, self.state["next"] = self.state["next"], self.state["next"] + 1
        kept = {"keyboardPwdId": pk, "lockId": int(said["lockId"]), "keyboardPwd": code}
        dates = {key: int(said[key]) for key in ("startDate", "endDate")}
        name = {"keyboardPwdName": said.get("keyboardPwdName", "")}
        self.state["codes"].append({**kept, **name, **dates, "isCustom": custom})
        return pk

    def lock(self, said):
        for one in self.state["locks"]:
            if one["lockId"] == int(said["lockId"]):
                return one
        return no(-1003)

    def code(self, said):
        self.lock(said)
        for one in self.state["codes"]:
            if one["keyboardPwdId"] == int(said["keyboardPwdId"]):
                return one
        return no(-2009)


def lock(pk, gateway):
    return {
        "lockId": pk,
        "lockName": f"YS1003_{pk}",
        "lockAlias": f"Porte {pk}",
        "lockMac": "C5:40:E0:9C:8C:C1",
        "electricQuantity": 80,
        "hasGateway": gateway,
        "lockData": "a key that must not leave the client",
        "date": 1_626_674_053_000,
    }


if __name__ == "__main__":
    serve(TTLock)
