"""Holding, booking, series, cancelling: the same verbs as the pages, the same refusals."""

from datetime import timedelta

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.api.enums import Scope
from preau.booking.actions.requests import cancel
from preau.booking.enums import BookingState, Side
from preau.booking.models import Booking
from preau.places.enums import ApprovalMode, Publication, UserCategory
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.api.factories import Api, administrator, api_of, occasion, slot, token_of
from tests.api.test_calls import problem
from tests.booking.factories import bookable_space, booking, evening

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return bookable_space(approval=ApprovalMode.IMMEDIATE)


@pytest.fixture
def actor():
    return administrator()


@pytest.fixture
def api(actor):
    return api_of(actor)


class TestHolding:
    def test_held_continued_and_given_back(self, api, actor, space):
        period = evening(space)
        asked = {"space_id": space.pk, "start": period.start.isoformat()}
        asked["end"] = period.end.isoformat()
        answer = api.post("holds", asked)
        assert answer.status_code == 201, answer.content
        held = Booking.objects.get(reference=answer.json()["reference"])
        assert (held.state, held.visitor_key) == (BookingState.HELD, f"user:{actor.user.pk}")
        problem(api_of(administrator()).post("holds", asked), 409, "slot_taken")
        other = api_of(administrator())
        problem(other.post(f"holds/{held.reference}/release"), 404, "introuvable")
        assert api.post(f"holds/{held.reference}/release").status_code == 200
        assert other.post("holds", asked).status_code == 201

    def test_two_at_most(self, api, space):
        for days in (10, 11, 12):
            period = evening(space, days=days)
            asked = {"space_id": space.pk, "start": period.start.isoformat()}
            answer = api.post("holds", asked | {"end": period.end.isoformat()})
        problem(answer, 409, "too_many_holds")

    def test_the_end_follows_the_start(self, api, space):
        period = evening(space)
        asked = {"space_id": space.pk, "start": period.end.isoformat()}
        answer = api.post("holds", asked | {"end": period.start.isoformat()})
        assert problem(answer, 422, "fields")["errors"][0]["field"] == "end"

    def test_a_draft_is_not_there(self, api):
        space = bookable_space()
        period = evening(space)
        asked = {"start": period.start.isoformat(), "end": period.end.isoformat()}
        space.publication = Publication.DRAFT
        space.save()
        problem(api.post("holds", asked | {"space_id": space.pk}), 404, "introuvable")
        space.publication = Publication.PUBLISHED
        space.save()
        assert api.post("holds", asked | {"space_id": space.pk}).status_code == 201


class TestBooking:
    def test_at_once_where_the_space_allows_it(self, api, actor, space):
        answer = api.post("bookings", slot(space, evening(space)))
        assert answer.status_code == 201, answer.content
        said = answer.json()
        assert (said["state"], said["state_label"]) == ("confirmee", "Confirmée")
        made = Booking.objects.get(reference=said["reference"])
        assert (made.requester, made.organization) == (actor.user, actor.organization)
        assert api.get(f"bookings/{made.reference}").json()["dates"] == said["dates"]
        assert [one["reference"] for one in api.get("bookings").json()["items"]] == [made.reference]

    def test_of_a_held_slot(self, api, space):
        period = evening(space)
        asked = {"space_id": space.pk, "start": period.start.isoformat()}
        held = api.post("holds", asked | {"end": period.end.isoformat()}).json()
        answer = api.post("bookings", occasion(hold=held["reference"]))
        assert answer.status_code == 201
        assert answer.json()["reference"] == held["reference"]
        problem(api.post("bookings", occasion(hold=held["reference"])), 409, "gone")
        problem(api.post(f"holds/{held['reference']}/release"), 409, "gone")

    def test_a_request_waits_and_says_until_when(self, api):
        answer = api.post("bookings", slot(space := bookable_space(), evening(space)))
        said = answer.json()
        assert said["state"] == "demandee"
        assert said["answer_by"]
        assert said["missing"][0]["who"] == "gestionnaire"

    def test_what_the_pages_refuse(self, api, space):
        period = evening(space)
        said = problem(
            api.post("bookings", slot(space, period, accepts_rules=False)), 422, "fields"
        )
        assert said["errors"][0]["field"] == "accepts_rules"
        body = slot(space, period, contact_phone="bonjour !")
        assert problem(api.post("bookings", body), 422, "fields")["errors"][0]["field"] == (
            "contact_phone"
        )
        body = slot(space, period, attendance=space.capacity + 1)
        problem(api.post("bookings", body), 422, "capacity")
        body = {name: value for name, value in slot(space, period).items() if name != "start"}
        assert problem(api.post("bookings", body), 422, "fields")["errors"][0]["field"] == "start"
        assert not Booking.objects.exists()  # nothing is left held

    def test_an_organisation_not_verified_and_a_space_for_others(self, space):
        unverified = administrator(OrganizationFactory())
        answer = api_of(unverified).post("bookings", slot(space, evening(space)))
        problem(answer, 422, "unverified")
        space.categories = [UserCategory.RESIDENT]
        space.save()
        answer = api_of(administrator()).post("bookings", slot(space, evening(space)))
        problem(answer, 422, "category")

    def test_cancelled_by_its_side_alone(self, api, space):
        made = api.post("bookings", slot(space, evening(space))).json()["reference"]
        manager = administrator(space.place.owner)
        assert api_of(manager).get(f"bookings/{made}").status_code == 200
        problem(api_of(manager).post(f"bookings/{made}/cancel"), 403, "forbidden")
        problem(api_of(administrator()).post(f"bookings/{made}/cancel"), 404, "introuvable")
        answer = api.post(f"bookings/{made}/cancel", {"reason": "Reporté"})
        assert answer.json()["state"] == "annulee"
        assert api.post(f"bookings/{made}/cancel").status_code == 200  # twice is harmless

    def test_what_its_maker_asked_elsewhere_is_not_for_it(self, api, actor, space):
        elsewhere = MembershipFactory(user=actor.user, organization__verified=True)
        for number, hat in enumerate([None, elsewhere]):
            one = booking(space, days=15 + number, actor=Actor(actor.user, hat))
            problem(api.get(f"bookings/{one.reference}"), 404, "introuvable")
            problem(api.post(f"bookings/{one.reference}/cancel"), 404, "introuvable")

    def test_a_colleague_sees_what_their_organisation_asked(self, api, actor, space):
        made = api.post("bookings", slot(space, evening(space))).json()["reference"]
        colleague = administrator(actor.organization)
        assert api_of(colleague).get(f"bookings/{made}").status_code == 200

    def test_the_agreement_asks_for_its_own_right(self, api, actor, space):
        made = api.post("bookings", slot(space, evening(space))).json()["reference"]
        said = Api(token_of(actor, Scope.BOOKINGS_READ)[1]).get(f"bookings/{made}").json()
        assert said["agreement"] is None


class TestSeries:
    def asked(self, space, **fields):
        first = evening(space).start.date()
        return (
            occasion(
                space_id=space.pk,
                first_day=str(first),
                last_day=str(first + timedelta(weeks=3)),
                start_time="18:00",
                end_time="20:00",
                skips_public_holidays=False,
            )
            | fields
        )

    def test_seen_then_booked(self, api, space):
        asked = self.asked(space)
        query = {name: asked[name] for name in ("first_day", "last_day", "start_time", "end_time")}
        plan = Api().get(f"spaces/{space.pk}/series", skips_public_holidays="false", **query).json()
        assert (plan["wanted"], plan["free"]) == (4, 4)
        answer = api.post("series", asked)
        assert answer.status_code == 201, answer.content
        assert answer.json()["is_series"]
        assert len(answer.json()["dates"]) == 4

    def test_all_or_nothing_or_what_is_free(self, api, space):
        asked = self.asked(space)
        booking(space, days=17)
        said = problem(api.post("series", asked), 409, "dates_taken")
        assert len(said["errors"]) == 1
        assert Booking.objects.count() == 1
        answer = api.post("series", asked | {"conflicts": "libres"})
        assert len(answer.json()["dates"]) == 3

    def test_a_wrong_rhythm_names_its_field(self, api, space):
        asked = self.asked(space, last_day="2020-01-01")
        said = problem(api.post("series", asked), 422, "fields")
        assert said["errors"][0]["field"] == "last_day"


class TestIdempotency:
    def test_the_same_again_is_done_once(self, api, space):
        body = slot(space, evening(space))
        first = api.post("bookings", body, key="une-cle-a-moi")
        second = api.post("bookings", body, key="une-cle-a-moi")
        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert "Idempotency-Replayed" not in first
        assert second["Idempotency-Replayed"] == "true"
        assert Booking.objects.count() == 1

    def test_another_body_under_the_same_key(self, api, space):
        api.post("bookings", slot(space, evening(space)), key="une-cle-a-moi")
        body = slot(space, evening(space, days=12))
        problem(api.post("bookings", body, key="une-cle-a-moi"), 422, "idempotency_key_reused")

    def test_a_refusal_is_an_answer_too(self, api, space):
        taken = booking(space)
        body = slot(space, evening(space))
        problem(api.post("bookings", body, key="une-cle-a-moi"), 409, "slot_taken")
        cancel(taken, "", side=Side.OCCUPANT, actor=Actor(taken.requester))
        answer = api.post("bookings", body, key="une-cle-a-moi")
        problem(answer, 409, "slot_taken")
        assert answer["Idempotency-Replayed"] == "true"

    def test_keys_are_each_token_s_own(self, space):
        for days in (10, 11):
            body = slot(space, evening(space, days=days))
            answer = api_of(administrator()).post("bookings", body, key="une-cle-a-moi")
            assert answer.status_code == 201

    def test_without_a_key(self, api, actor, space):
        token = token_of(actor)[1]
        answer = api.client.post(
            "/api/v1/bookings",
            data=slot(space, evening(space)),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert problem(answer, 422, "fields")["errors"][0]["field"] == "Idempotency-Key"

    def test_a_fault_leaves_no_trace(self, api, space, monkeypatch, caplog):
        body = slot(space, evening(space))
        with monkeypatch.context() as broken:
            broken.setattr("preau.api.routes.bookings.booking_out", None)
            assert api.post("bookings", body, key="une-cle-a-moi").status_code == 500
        assert not Booking.objects.exists()
        assert api.post("bookings", body, key="une-cle-a-moi").status_code == 201


def test_a_token_has_the_rank_of_its_owner_today(space):
    actor = administrator(space.place.owner)
    one = booking(space)
    api = api_of(actor)
    assert api.get(f"bookings/{one.reference}").status_code == 200
    actor.membership.role = MembershipRole.MEMBER
    actor.membership.save()
    problem(api.get(f"bookings/{one.reference}"), 404, "introuvable")
