"""An OpenID provider that lies as it is told: `python -m fakes.oidc_liar` prints its port.

`POST /_lie/<kind>` chooses (« honest » ends it). There is no sign-in page: the code given to
`/token` is taken for the nonce, so that whoever began a request may answer it at once.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

SLOW_SECONDS = 6
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in "ab")
CLIENT, SECRET = "preau-liar", "secret-of-the-liar"
PERSON = {
    "given_name": "Léa",
    "usual_name": "Martin",
    "email": "lea.martin@grenoble.example",
    "siret": "21380185500015",
    "idp_id": "liar",
}
told = {"lie": "honest"}


def claims(issuer, **said):
    now = int(time.time())
    known = {"iss": issuer, "aud": CLIENT, "sub": "liar-1", "iat": now, "exp": now + 60}
    return {name: one for name, one in (known | said).items() if one is not None}


def signed(said, *, key=KEY, name="liar-1"):
    return jwt.encode(said, key, algorithm="RS256", headers={"kid": name})


def by_hand(said, algorithm, secret):
    """What the library refuses to sign: no signature, or one with a key that is public."""
    header = {"alg": algorithm, "kid": "liar-1", "typ": "JWT"}
    parts = [_b64(json.dumps(part).encode()) for part in (header, said)]
    whole = ".".join(parts)
    if algorithm == "none":
        return f"{whole}."
    return f"{whole}.{_b64(hmac.digest(secret, whole.encode(), hashlib.sha256))}"


def _b64(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def public_pem():
    kind, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return KEY.public_key().public_bytes(kind, form)


def id_token(lie, issuer, nonce):
    past = int(time.time()) - 3600
    changes = {
        "wrong_iss": {"iss": issuer + "/other"},
        "wrong_aud": {"aud": "somebody-else"},
        "wrong_azp": {"aud": [CLIENT, "other"], "azp": "other"},
        "wrong_nonce": {"nonce": "x" * 40},
        "no_nonce": {"nonce": None},
        "odd_nonce": {"nonce": "é"},
        "expired": {"iat": past, "exp": past + 60},
        "no_exp": {"exp": None},
        "no_acr": {"acr": None},
        "low_acr": {"acr": "eidas0"},
        "no_sub": {"sub": None},
    }
    said = claims(issuer, **({"nonce": nonce, "acr": "eidas1"} | changes.get(lie, {})))
    if lie == "none":
        return by_hand(said, "none", b"")
    if lie == "hs256":
        return by_hand(said, "HS256", SECRET.encode())
    if lie == "hs256_public":
        return by_hand(said, "HS256", public_pem())
    if lie == "wrong_signature":
        return signed(said, key=OTHER_KEY)
    if lie == "garbage":
        return "this.is.nothing"
    # Another name for the key, so that the keys are read again.
    return signed(said, name=lie if lie.startswith(("jwks_", "unknown")) else "liar-1")


def userinfo(lie, issuer):
    changes = {
        "userinfo_other": {"sub": "liar-2"},
        "userinfo_aud": {"aud": "somebody-else"},
        "userinfo_expired": {"exp": int(time.time()) - 3600},
    }
    said = PERSON | claims(issuer, **changes.get(lie, {}))
    if lie == "userinfo_none":
        return by_hand(said, "none", b"")
    return signed(said, key=OTHER_KEY if lie == "userinfo_signature" else KEY)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.server.server_port}/api/v2"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path.startswith("/_lie/"):
            told["lie"] = self.path.removeprefix("/_lie/")
            return self.say({})
        form = {name: values[-1] for name, values in parse_qs(body).items()}
        lie = told["lie"]
        if self.misbehaved("token", lie):
            return None
        if form.get("client_id") != CLIENT or form.get("client_secret") != SECRET:
            return self.say({"error": "invalid_client"}, 401)
        if lie == "used_code" or not form.get("code_verifier"):
            return self.say({"error": "invalid_grant"}, 400)
        said = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 60}
        if lie != "no_id_token":
            said["id_token"] = id_token(lie, self.issuer, form.get("code", ""))
        return self.say(said)

    def do_GET(self):
        lie = told["lie"]
        if self.path.endswith("/jwks"):
            return self.misbehaved("jwks", lie) or self.say({"keys": self.keys(lie)})
        if not self.path.endswith("/userinfo"):
            return self.say({"error": "not_found"}, 404)
        if self.misbehaved("userinfo", lie):
            return None
        if lie == "userinfo_plain":
            return self.say(PERSON | {"sub": "liar-1"})
        return self.send(200, userinfo(lie, self.issuer).encode(), "application/jwt")

    def keys(self, lie):
        if lie == "jwks_empty":
            return []
        known = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        name = lie if lie.startswith("jwks_") else "liar-1"
        alg = ["RS256"] if lie == "jwks_odd" else "RS256"
        return [{**known, "kid": name, "use": "sig", "alg": alg}]

    def misbehaved(self, where, lie):
        """« token_500 », « userinfo_slow », « jwks_html »…: done, when it is about this place."""
        asked, _, how = lie.partition("_")
        if asked != where:
            return False
        if how.isdigit():
            after = {"Retry-After": "7"} if how == "429" else {}
            self.send(int(how), b'{"error": "a bad day"}', "application/json", after)
        elif how == "slow":
            time.sleep(SLOW_SECONDS)
            self.close_connection = True
        elif how == "html":
            self.send(200, b"<!doctype html><p>Maintenance", "text/html")
        elif how == "truncated":
            self.send(200, b'{"access_token": "opa', "application/json")
        else:
            return False
        return True

    def say(self, content, status=200):
        self.send(status, json.dumps(content).encode(), "application/json; charset=utf-8")

    def send(self, status, content, kind, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    server = Server(("127.0.0.1", parser.parse_args().port), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
