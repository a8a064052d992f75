"""Stands in for Préau's manage.py: the same commands on one table, so that a start is quick."""

import os
import signal
import sys
import time

import psycopg


def main(words):
    if words[0] in {"collectstatic", "load_territories"}:
        return
    if words[0] == "demo_accounts":
        sys.stdout.write("Compte : demo@preau.example\n")
        return
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        if words[0] == "migrate":
            connection.execute("CREATE TABLE IF NOT EXISTS note (said text PRIMARY KEY)")
        elif words[0] == "load_demo":
            connection.execute("INSERT INTO note VALUES ('loaded') ON CONFLICT DO NOTHING")
    if words[0] == "procrastinate":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while True:
            time.sleep(60)


main(sys.argv[1:])
