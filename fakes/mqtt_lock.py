"""A door with a keypad, behind a broker: `python -m fakes.mqtt_lock --broker HOST:PORT …`.

Speaks as a lock of Zigbee2MQTT does (see `preau.integrations.zigbee2mqtt`): `BASE/NAME/set` sets
and clears codes by user, `BASE/NAME/get` asks for its state, what it does is told on `BASE/NAME`.
It knows no date. Prints the port of its keypad: a page where anybody types a code, and for tests
`POST /press {"code": …}`, `POST /_set` (`online`, `deaf`: does and does not tell, `battery`),
`POST /_state`, `POST /_clear`.
"""

import argparse
import html
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Porte simulée</title>
<link rel="icon" href="data:,">
<style>body{{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}}
button,input{{font:inherit;padding:.6rem}}</style></head><body>
<main><h1>Porte « {name} » (démonstration)</h1><p role="status"><strong>{said}</strong></p>
<form method="post" action="/"><p><label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="off"></p>
<p><button>Ouvrir</button></p></form></main></body></html>"""


class Door:
    def __init__(self, name, topic, client):
        self.name, self.topic, self.client = name, topic, client
        self.guard = threading.Lock()
        self.codes, self.opened, self.most = {}, [], 0
        self.how = {"online": True, "deaf": False, "battery": 87, "late": []}

    def hear(self, message):
        verb = message.topic.rsplit("/", 1)[-1]
        try:
            said = json.loads(message.payload)
        except ValueError:
            return
        with self.guard:
            if not self.how["online"]:
                return
            if verb == "get":
                self.tell({"state": "LOCK", "lock_state": "locked"})
            elif isinstance(said.get("pin_code"), dict):
                self.program(said["pin_code"])

    def program(self, asked):
        user, code = asked["user"], asked.get("pin_code")
        if code is None or not asked.get("user_enabled", True):
            self.codes.pop(user, None)
            action = "pin_code_deleted"
        else:
            self.codes[user] = str(code)
            self.most = max(self.most, len(self.codes))
            action = "pin_code_added"
        if not self.how["deaf"]:
            self.tell({"action": action, "action_user": user, "action_source_name": "rf"})

    def press(self, code):
        """Whether it opens: the keypad works without any network."""
        with self.guard:
            user = next((one for one, known in self.codes.items() if known == code), None)
            if user is None:
                return False
            self.opened.append(user)
            if self.how["online"]:
                self.tell({"action": "unlock", "action_user": user, "action_source_name": "keypad"})
            return True

    def tell(self, said):
        self.client.publish(self.topic, json.dumps({"battery": self.how["battery"], **said}), qos=1)

    def back_door(self, path, said):
        with self.guard:
            if path == "/_set":
                self.how.update(said)
            elif path == "/_clear":
                self.codes.clear()
                self.opened.clear()
            return {**self.how, "codes": self.codes, "opened": self.opened}


def keypad(door):
    class Keypad(BaseHTTPRequestHandler):
        def do_GET(self):
            self.page("Fermée")

        def do_POST(self):
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/":
                code = parse_qs(raw.decode()).get("code", [""])[0]
                return self.page("Ouverte" if door.press(code) else "Code refusé")
            said = json.loads(raw or b"null") or {}
            if self.path == "/press":
                return self.answer({"open": door.press(said["code"])})
            return self.answer(door.back_door(self.path, said))

        def page(self, said):
            text = PAGE.format(name=html.escape(door.name), said=said)
            self.write("text/html; charset=utf-8", text.encode())

        def answer(self, said):
            self.write("application/json", json.dumps(said).encode())

        def write(self, kind, body):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Keypad


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--broker", default="127.0.0.1:1883")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--base", default="zigbee2mqtt")
    parser.add_argument("--name", default="porte")
    return parser.parse_args()


def main():
    asked = arguments()
    topic = f"{asked.base}/{asked.name}"
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    if asked.user:
        client.username_pw_set(asked.user, asked.password)
    door, ready = Door(asked.name, topic, client), threading.Event()
    client.on_connect = lambda *_: client.subscribe([(f"{topic}/set", 1), (f"{topic}/get", 1)])
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda _client, _data, message: door.hear(message)
    host, port = asked.broker.rsplit(":", 1)
    client.connect_async(host, int(port))
    client.loop_start()
    ready.wait(5)
    server = ThreadingHTTPServer(("127.0.0.1", asked.port), keypad(door))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
