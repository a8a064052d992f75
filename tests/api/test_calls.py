"""What every call shares: who it is, how many, what goes wrong, how it is told."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from preau.accounts.models import Membership
from preau.api.actions import tokens, webhooks
from preau.api.enums import Scope
from preau.api.http import access, limits
from preau.api.models import ApiToken, RateWindow
from preau.api.personal_data import personal_data
from preau.api.views import tokens as pages
from preau.core import clock
from preau.core.errors import Refusal
from tests.accounts.factories import sign_in
from tests.api.factories import Api, administrator, api_of, endpoint_of, occasion, token_of
from tests.booking.factories import bookable_space

pytestmark = pytest.mark.django_db


def problem(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    said = response.json()
    assert {"type", "title", "status", "detail", "code"} <= said.keys()
    assert (said["status"], said["code"]) == (status, code)
    assert said["type"].startswith("http")
    assert response["X-Request-Id"]
    return said


class TestTokens:
    def test_a_token_is_kept_as_a_digest_and_says_what_it_is_worth(self):
        row, token = token_of(administrator(), Scope.SEARCH)
        assert token not in str(vars(ApiToken.objects.get(pk=row.pk)))
        assert row.digest == access.digest(token)
        assert token.startswith(row.prefix)
        said = Api(token).get("me").json()
        assert said["organization"] == row.organization.name
        assert said["scopes"] == ["search"]
        assert ApiToken.objects.get(pk=row.pk).last_used_on == clock.today()

    def test_none_unknown_expired_revoked(self):
        problem(Api().get("me"), 401, "token_missing")
        answer = Api("preau_inconnu").get("me")
        problem(answer, 401, "token_unknown")
        assert answer["WWW-Authenticate"].startswith("Bearer")
        actor = administrator()
        row, token = token_of(actor)
        tokens.revoke(row, actor=actor)
        problem(Api(token).get("me"), 401, "token_revoked")
        row, token = token_of(actor)
        past = clock.now() - timedelta(days=40)
        ApiToken.objects.filter(pk=row.pk).update(
            created_at=past, expires_at=past + timedelta(days=30)
        )
        problem(Api(token).get("me"), 401, "token_expired")

    def test_a_bad_token_is_refused_also_where_anybody_reads(self):
        problem(Api("preau_inconnu").get("places"), 401, "token_unknown")

    def test_it_dies_with_the_membership(self):
        actor = administrator()
        api = api_of(actor)
        assert api.get("me").status_code == 200
        Membership.objects.filter(pk=actor.membership.pk).update(ended_at=clock.now())
        problem(api.get("me"), 401, "token_without_owner")

    def test_it_dies_with_the_account(self):
        actor = administrator()
        api = api_of(actor)
        actor.user.is_active = False
        actor.user.save()
        problem(api.get("me"), 401, "token_without_owner")

    def test_only_what_it_was_made_for_even_where_anybody_reads(self):
        api = api_of(administrator(), Scope.SEARCH)
        problem(api.get("bookings"), 403, "insufficient_scope")
        problem(api.get("places"), 403, "insufficient_scope")
        assert Api().get("places").status_code == 200

    def test_a_cookie_names_nobody(self):
        actor = administrator()
        client = sign_in(Client(), actor.user, actor.membership)
        problem(Api(client=client).get("bookings"), 401, "token_missing")

    def test_another_kind_of_authorization(self):
        answer = Client().get("/api/v1/places", headers={"Authorization": "Basic YTpi"})
        problem(answer, 401, "token_unknown")


class TestLimits:
    def test_headers_count_down_then_429(self, monkeypatch):
        monkeypatch.setattr(limits, "ANONYMOUS", 3)
        left = []
        for _ in range(3):
            answer = Api().get("open-data")
            assert answer["RateLimit-Limit"] == "3"
            left.append(int(answer["RateLimit-Remaining"]))
        assert left == [2, 1, 0]
        answer = Api().get("open-data")
        problem(answer, 429, "debit")
        assert 0 < int(answer["Retry-After"]) <= 60
        assert answer["RateLimit-Reset"] == answer["Retry-After"]

    def test_each_token_has_its_own_count_and_guesses_count_for_the_address(self, monkeypatch):
        monkeypatch.setattr(limits, "ANONYMOUS", 1)
        one, other = api_of(administrator()), api_of(administrator())
        for api in (one, other):
            assert api.get("me")["RateLimit-Remaining"] == str(limits.TOKEN - 1)
        assert Api("preau_a").get("me").status_code == 401
        assert Api("preau_b").get("me").status_code == 429

    def test_no_address_is_kept(self):
        Api().get("open-data")
        assert all("127.0.0.1" not in one.who for one in RateWindow.objects.all())

    def test_the_addresses_of_one_network_count_together(self, monkeypatch):
        monkeypatch.setattr(limits, "ANONYMOUS", 1)

        def status(address):
            return Client(REMOTE_ADDR=address).get("/api/v1/open-data").status_code

        assert [status("2001:db8:1:2::1"), status("2001:db8:1:2:3:4:5:6")] == [200, 429]
        assert [status("2001:db8:1:3::1"), status("192.0.2.1"), status("192.0.2.2")] == [200] * 3

    def test_minutes_that_are_over_are_forgotten(self):
        Api().get("open-data")
        RateWindow.objects.update(minute=1)
        assert limits.forget() == 1


class TestBodies:
    def send(self, **more):
        token = token_of(administrator())[1]
        given = {"data": "{}", "content_type": "application/json"} | more
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "cle-de-test"}
        return Client().post("/api/v1/holds", headers=headers, **given)

    def test_json_alone(self):
        problem(self.send(content_type="text/plain"), 415, "format")
        problem(self.send(data="{"), 400, "corps")

    def test_not_too_long(self):
        problem(self.send(data=" " * 40_000), 413, "taille")

    def test_fields_are_named(self):
        said = problem(self.send(data='{"space_id": "x", "couleur": 1}'), 422, "fields")
        fields = {one["field"]: one["code"] for one in said["errors"]}
        assert fields["space_id"] == "int_parsing"
        assert fields["start"] == "missing"
        assert fields["couleur"] == "extra_forbidden"

    def test_text_that_no_keyboard_types(self):
        space = bookable_space()
        api = api_of(administrator())
        body = occasion(space_id=space.pk, purpose="a\x00b")
        assert api.post("bookings", body).status_code == 422

    def test_other_methods_and_other_addresses(self):
        answer = Client().delete("/api/v1/bookings")
        problem(answer, 405, "methode")
        assert answer["Allow"]
        for path in ("nulle-part", "a%0Ab", "a%00b", "", "places/"):
            problem(Client().get(f"/api/v1/{path}"), 404, "introuvable")
        problem(Client().get("/api/v1"), 404, "introuvable")
        problem(Client().post("/api/v1/nulle-part"), 404, "introuvable")
        problem(Client().put("/api/v1/places"), 405, "methode")
        problem(Client(enforce_csrf_checks=True).post("/api/v1/openapi.json"), 405, "methode")

    @pytest.mark.parametrize("where", ["limits.count", "access.actor_behind"])
    def test_a_database_that_is_away_is_told_too(self, monkeypatch, where):
        api = api_of(administrator())

        def away(*args):
            raise OperationalError("too many clients")

        monkeypatch.setattr(f"preau.api.http.{where}", away)
        answer = api.get("me")
        problem(answer, 503, "indisponible")
        assert int(answer["Retry-After"])

    @pytest.mark.parametrize("path", ["places", "nulle-part", "bookings/1"])
    def test_what_is_refused_before_any_address_is_told_too(self, settings, path):
        """Django answers a page where the host is not ours; programs read no page."""
        settings.ALLOWED_HOSTS = ["testserver"]
        answer = Client().get(f"/api/v1/{path}", headers={"host": "ailleurs.example"})
        problem(answer, 400, "corps")
        assert answer["Content-Length"] == str(len(answer.content))
        page = Client().get(reverse("api:docs"), headers={"host": "ailleurs.example"})
        assert (page.status_code, page["Content-Type"]) == (400, "text/html; charset=utf-8")

    def test_a_fault_before_the_address_is_told_too(self, monkeypatch):
        monkeypatch.setattr("preau.api.http.limits.count", lambda *args: 1 / 0)
        problem(Api().get("open-data"), 500, "panne")

    def test_a_fault_of_ours_says_nothing_of_it(self, monkeypatch, caplog):
        def broken(*args, **kwargs):
            raise RuntimeError("mot de passe")

        monkeypatch.setattr("preau.api.routes.others.navigation.address_of", broken)
        said = problem(Api().get("open-data"), 500, "panne")
        assert "mot de passe" not in str(said)
        assert "open-data" in caplog.text


class TestPage:
    def test_a_token_that_opens_something_is_always_shown(self, monkeypatch):
        monkeypatch.setattr(pages, "MOST_SHOWN", 1)
        actor = administrator()
        token_of(actor, name="Encore bon")
        for _ in range(3):
            tokens.revoke(token_of(actor, name="Remplacé")[0], actor=actor)
        client = sign_in(Client(), actor.user, actor.membership)
        page = client.get(reverse("api:home", args=[actor.organization_id])).content.decode()
        assert page.count("Encore bon") > 0
        assert page.count("Remplacé") == 1

    def test_tokens_of_those_who_left_leave_their_place(self, monkeypatch):
        monkeypatch.setattr(tokens, "MOST_LIVE", 1)
        one = administrator()
        token_of(one)
        other = administrator(one.organization)
        with pytest.raises(Refusal, match="jetons valables"):
            token_of(other)
        Membership.objects.filter(pk=one.membership.pk).update(ended_at=clock.now())
        assert token_of(other)[0].is_live

    def test_stopped_webhooks_leave_their_place(self, monkeypatch):
        monkeypatch.setattr(webhooks, "MOST", 1)
        actor = administrator()
        former, _ = endpoint_of(actor)
        with pytest.raises(Refusal, match="déjà 1 webhooks actifs"):
            endpoint_of(actor)
        webhooks.stop(former, actor=actor)
        endpoint_of(actor)
        former.refresh_from_db()
        page = sign_in(Client(), actor.user, actor.membership)
        said = page.post(reverse("api:webhook_resume", args=[former.key]), follow=True)
        assert "webhooks actifs" in said.content.decode()
        former.refresh_from_db()
        assert not former.is_live


def test_what_is_kept_of_a_person_holds_no_secret():
    actor = administrator()
    _, token = token_of(actor, name="Agenda de la chorale")
    _, secret = endpoint_of(actor)
    said = str(personal_data(actor.user))
    assert "Agenda de la chorale" in said
    assert "https://programme.example/preau" in said
    assert token not in said
    assert secret not in said
    assert not any(personal_data(administrator().user).values())
