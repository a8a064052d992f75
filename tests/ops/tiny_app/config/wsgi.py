"""Stands in for Préau's web application: POST writes a note, GET reads them."""

import os

import psycopg


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/sante/":
        return [b"ok"]
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        if environ["REQUEST_METHOD"] == "POST":
            said = environ["PATH_INFO"].strip("/")
            connection.execute("INSERT INTO note VALUES (%s)", [said])
            connection.commit()
        rows = connection.execute("SELECT said FROM note ORDER BY said").fetchall()
    return ["\n".join(said for (said,) in rows).encode()]
