import pytest
from django.db import DatabaseError

from preau.core.middleware import content_security_policy

PAGES = [
    "/",
    "/plan-du-site/",
    "/aide/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/demo/composants/",
]


@pytest.mark.parametrize("path", PAGES)
def test_page_answers_without_a_query(client, path):
    response = client.get(path)  # no database mark: a query would fail
    assert response.status_code == 200
    html = response.content.decode()
    assert html.count("<h1") == 1
    assert " style=" not in html
    assert "<script>" not in html


def test_policy_allows_only_our_files_and_the_tiles():
    assert "unsafe" not in content_security_policy("")
    policy = content_security_policy("https://tiles.example/wmts?z={z}")
    assert "img-src 'self' data: https://tiles.example;" in policy


def test_every_answer_carries_the_headers(client):
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Request-Id"] in response.content.decode()


@pytest.mark.django_db
def test_health_says_ok(client):
    assert client.get("/sante/").content == b"ok\n"


def test_health_says_when_the_database_is_away(client, monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr("preau.portal.views.connection.cursor", away)
    assert client.get("/sante/").status_code == 503


def test_failure_page_stands_alone(rf):
    from preau.portal.errors import server_error

    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Une panne de notre côté" in response.content.decode()


def test_expired_form_says_what_to_do(rf, client):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/aide/", {})
    assert response.status_code == 403
    assert "Ce formulaire a expiré" in response.content.decode()


@pytest.mark.parametrize("template", ["400.html", "429.html", "403.html"])
def test_error_templates_say_what_to_do(rf, template):
    from django.template.loader import render_to_string

    from preau.accounts.actors import ANONYMOUS
    from preau.core.context import Site

    request = rf.get("/")
    context = {
        "site": Site(request),
        "actor": ANONYMOUS,
        "messages": [],
        "switch_offers": [],
        "sentence": "",
    }
    assert "<h1>" in render_to_string(template, context)
