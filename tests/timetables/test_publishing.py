"""From the grid to occupancies: all or nothing, ours or asked, kept or stopped."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import MembershipRole
from preau.agreements.actions import authorities
from preau.agreements.drafting.facts import Person
from preau.agreements.enums import AgreementState, AuthorityRole
from preau.agreements.loading import load_national_models
from preau.agreements.models import Agreement
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.timeranges import Period, local_instant
from preau.directory.models import ServiceOffer, Sheet
from preau.documents.enums import DocumentKind
from preau.notifications.models import Email, Notification
from preau.timetables import tasks
from preau.timetables.actions import agreeing, composing, preparing, publishing
from preau.timetables.enums import HostingState, TimetableState
from preau.timetables.models import Hosting, Timetable
from tests.accounts.factories import MembershipFactory, OrganizationFactory, sign_in
from tests.documents.factories import document
from tests.timetables.factories import Territory, published

pytestmark = pytest.mark.django_db


def live(space):
    return Occupancy.objects.filter(
        space=space, kind=OccupancyKind.RESIDENCY, released_at=None
    ).order_by("period")


def test_publishing_takes_each_date_of_the_season():
    land = published()
    assert land.timetable.state == TimetableState.PUBLISHED
    dates = list(live(land.space))
    assert len(dates) == 2 * 8
    assert {one.label for one in dates} == {"Aide aux démarches"}
    first = land.timetable.sessions.order_by("day", "start").first()
    start = dates[0].period.lower.astimezone(land.place.zone)
    assert (start.weekday(), start.hour * 60 + start.minute) == (first.day, first.start)


def test_what_it_takes_itself_is_no_conflict(client):
    land = published()
    sign_in(client, land.actor.user, land.membership)
    page = client.get(reverse("timetables:show", args=[land.timetable.key])).content.decode()
    assert "Ne tient pas" not in page
    assert "Aide aux démarches" in page


def test_dates_that_somebody_has_are_shown_then_left():
    land = Territory(least_share=50)
    need = land.need(sessions=1)
    candidate = land.candidate()
    composing.place(need, candidate, 0, 540, actor=land.actor)
    land.timetable.refresh_from_db()
    zone = land.place.zone
    day = land.timetable.first_day
    taken = Period(local_instant(day, 600, zone), local_instant(day, 660, zone))
    occupy(land.space, taken, Use(OccupancyKind.OWN_USE, "Conseil"), actor=land.actor)
    with pytest.raises(publishing.Clashes) as refused:
        publishing.publish(land.timetable, actor=land.actor)
    assert [(one.day, one.why) for one in refused.value.clashes] == [(day, "déjà pris")]
    assert not live(land.space).exists()
    publishing.publish(land.timetable, actor=land.actor, skip=True)
    assert live(land.space).count() == 7
    assert len(Hosting.objects.get().skipped) == 1


def test_a_slot_taken_meanwhile_publishes_nothing(monkeypatch):
    land = Territory()
    land.need()
    land.candidate()
    land.compose()
    first = land.timetable.sessions.order_by("day", "start").first()
    real = publishing.plans

    def slow(*given):
        """Somebody books between the reading and the writing."""
        found = real(*given)
        _, _, periods = found[0].held[0]
        occupy(land.space, periods[2], Use(OccupancyKind.BOOKING, "Danse"), actor=land.actor)
        return found

    monkeypatch.setattr(publishing, "plans", slow)
    with pytest.raises(Refusal, match="rien n’a été publié"):
        publishing.publish(land.timetable, actor=land.actor)
    assert first is not None
    land.timetable.refresh_from_db()
    assert land.timetable.state == TimetableState.PROPOSED
    assert not live(land.space).exists()
    assert not Hosting.objects.exists()


def test_publishing_twice_says_so():
    land = published()
    with pytest.raises(Refusal, match="vient de publier"):
        publishing.publish(land.timetable, actor=land.actor)
    assert live(land.space).count() == 16


def test_a_grid_that_does_not_hold_is_not_published():
    land = Territory()
    candidate = land.candidate()
    for label in ("Un", "Deux"):
        composing.place(land.need(label), candidate, 0, 540, actor=land.actor)
    with pytest.raises(Refusal, match="ne tient pas"):
        publishing.publish(land.timetable, actor=land.actor)
    assert not live(land.space).exists()


def test_another_town_is_asked_never_taken():
    land = Territory()
    space, neighbour = land.other_place()
    land.need(sessions=1)
    land.candidate(space)
    land.compose()
    [hosting] = publishing.publish(land.timetable, actor=land.actor)
    assert hosting.state == HostingState.ASKED
    assert not live(space).exists()
    assert Notification.objects.filter(user=neighbour.user, title__contains="demande").exists()
    assert Email.objects.filter(recipient=neighbour.user.email).exists()
    with pytest.raises(Forbidden):
        publishing.accept(hosting, actor=land.actor)
    publishing.accept(hosting, actor=neighbour)
    assert live(space).count() == 8
    assert Notification.objects.filter(user=land.actor.user, title__contains="accepte").exists()
    with pytest.raises(Refusal, match="n’attend plus"):
        publishing.refuse(hosting, "Trop tard", actor=neighbour)


def test_a_refusal_has_a_reason_that_the_coordinator_reads():
    land = Territory()
    space, neighbour = land.other_place()
    land.need(sessions=1)
    land.candidate(space)
    land.compose()
    [hosting] = publishing.publish(land.timetable, actor=land.actor)
    with pytest.raises(Refusal, match="pourquoi"):
        publishing.refuse(hosting, " ", actor=neighbour)
    publishing.refuse(hosting, "La salle est en travaux.", actor=neighbour)
    told = Notification.objects.get(user=land.actor.user, title__contains="refuse")
    assert "travaux" in told.body
    assert not live(space).exists()


def test_stopping_frees_what_is_ahead_and_tells_why():
    land = published()
    with pytest.raises(Refusal, match="pourquoi"):
        publishing.stop(land.timetable, "  ", actor=land.actor)
    assert publishing.stop(land.timetable, "Plus de moyens.", actor=land.actor) == 16
    land.timetable.refresh_from_db()
    assert land.timetable.state == TimetableState.STOPPED
    assert not live(land.space).exists()
    assert Hosting.objects.get().state == HostingState.ENDED


def test_a_trial_is_reminded_then_kept():
    land = Territory()
    land.need()
    land.candidate()
    land.compose()
    with pytest.raises(Refusal, match="bilan"):
        publishing.publish(
            land.timetable, actor=land.actor, review_on=land.timetable.last_day + timedelta(1)
        )
    review = land.timetable.first_day
    publishing.publish(land.timetable, actor=land.actor, review_on=review)
    land.timetable.refresh_from_db()
    assert land.timetable.state == TimetableState.TRIAL
    tasks.follow_seasons(0)
    told = Notification.objects.filter(user=land.actor.user, title__contains="bilan")
    before = told.count()
    Timetable.objects.filter(pk=land.timetable.pk).update(review_on=clock.today())
    tasks.follow_seasons(0)
    tasks.follow_seasons(0)
    assert told.count() == before + 1
    publishing.keep(land.timetable, actor=land.actor)
    land.timetable.refresh_from_db()
    assert land.timetable.state == TimetableState.PUBLISHED


def ended(timetable):
    past = clock.today() - timedelta(days=5)
    Timetable.objects.filter(pk=timetable.pk).update(
        first_day=past - timedelta(days=30), last_day=past
    )


def test_a_season_over_is_closed():
    land = published()
    ended(land.timetable)
    assert tasks.follow_seasons(0) == 1
    land.timetable.refresh_from_db()
    assert land.timetable.state == TimetableState.STOPPED
    told = Notification.objects.get(user=land.actor.user, title__contains="saison")
    assert "s’arrêtent" not in told.title
    assert tasks.follow_seasons(0) == 0


def test_one_season_that_fails_keeps_no_other_from_ending(monkeypatch, caplog):
    first, second = published(), published()
    for land in (first, second):
        ended(land.timetable)
    real = publishing.end_season

    def fails(timetable):
        if timetable.pk == second.timetable.pk:
            raise Refusal("Toutes les parties ont signé.")
        return real(timetable)

    monkeypatch.setattr(publishing, "end_season", fails)
    assert tasks.follow_seasons(0) == 1
    first.timetable.refresh_from_db()
    assert first.timetable.state == TimetableState.STOPPED
    assert "failed" in caplog.text


def test_what_is_published_is_not_edited():
    land = published()
    with pytest.raises(Refusal, match="publiée"):
        land.need("Un autre")
    with pytest.raises(Refusal, match="publiée"):
        composing.compose(land.timetable, actor=land.actor)


def test_the_sheet_of_the_place_says_when():
    land = Territory()
    land.need(sessions=1)
    land.candidate()
    land.compose()
    sheet = Sheet.objects.filter(place=land.place).first()
    if sheet is None:
        sheet = _sheet_of(land.place)
    publishing.publish(land.timetable, actor=land.actor)
    offer = ServiceOffer.objects.get(sheet=sheet)
    assert offer.name == "Aide aux démarches"
    assert offer.when.startswith("le ")
    publishing.stop(land.timetable, "Fin.", actor=land.actor)
    assert not ServiceOffer.objects.filter(sheet=sheet).exists()


def _sheet_of(place):
    return Sheet.objects.create(
        slug="maison", place=place, manager=place.owner, state="publiee", name=place.name,
        kind=place.kind, commune=place.commune, departement_code=place.departement_code,
        latitude=place.latitude, longitude=place.longitude, time_zone=place.time_zone,
    )  # fmt: skip


class Provided(Territory):
    """A service of a structure that is on Préau, with all that its agreement needs but the
    signature of the place's owner."""

    def __init__(self):
        super().__init__()
        load_national_models()
        self.provider = OrganizationFactory(verified=True, town=True, name="CAF")
        self.decider = MembershipFactory(organization=self.provider, role=MembershipRole.MANAGER)
        self.service = self.need(
            sessions=1,
            provider=self.provider,
            signatory_name="Ada Diallo",
            signatory_capacity="directrice",
            signatory_email="ada@example.org",
        )
        self.candidate()
        document(
            kind=DocumentKind.INSURANCE,
            owner_organization=self.provider,
            expires_on=self.timetable.last_day + timedelta(days=30),
        )

    def appoint(self, organization, name="Hélène Morel"):
        who = Person(name=name, email="maire@example.org", capacity="maire")
        authorities.appoint(organization, who, role=AuthorityRole.OWNER, actor=SYSTEM)

    def agreement(self):
        """Published, and its agreement sent to be signed."""
        self.appoint(self.town)
        self.compose()
        [hosting] = publishing.publish(self.timetable, actor=self.actor)
        line = hosting.agreements.get()
        assert line.agreement, line.missing
        return line.agreement


def signers(agreement):
    return set(agreement.rounds.get().signatories.values_list("name", flat=True))


def test_the_provider_says_who_signs_for_it_before_the_coordinator_does():
    land = Provided()
    assert signers(land.agreement()) == {"Ada Diallo", "Hélène Morel"}
    land = Provided()
    land.appoint(land.provider, "Jeanne Roux")
    assert signers(land.agreement()) == {"Jeanne Roux", "Hélène Morel"}


def test_the_deciders_of_a_provider_are_told_what_is_held_in_its_name():
    land = Provided()
    land.compose()
    publishing.publish(land.timetable, actor=land.actor)
    told = Notification.objects.get(user=land.decider.user)
    assert "publie des permanences de CAF" in told.title
    assert "Ada Diallo, directrice" in told.body
    mail = Email.objects.get(recipient=land.decider.user.email)
    assert "Aide aux démarches" in mail.text
    publishing.stop(land.timetable, "Plus de moyens.", actor=land.actor)
    stopped = Notification.objects.get(user=land.decider.user, title__contains="arrête")
    assert "Plus de moyens." in stopped.body


def test_a_provider_that_is_not_verified_is_as_if_it_were_not_there():
    land = Provided()
    type(land.provider).objects.filter(pk=land.provider.pk).update(
        verified_at=None, verified_by_method=""
    )
    land.appoint(land.town)
    land.compose()
    [hosting] = publishing.publish(land.timetable, actor=land.actor)
    line = hosting.agreements.get()
    assert (line.provider, line.agreement) == (None, None)
    assert "n’est pas inscrite" in line.missing[0]
    assert {one.holder_organization for one in live(land.space)} == {None}
    assert not Notification.objects.filter(user=land.decider.user).exists()


def test_the_end_of_a_season_keeps_what_was_signed():
    land = Provided()
    agreement = land.agreement()
    Agreement.objects.filter(pk=agreement.pk).update(
        state=AgreementState.SIGNED,
        signed_at=clock.now(),
        document=document(owner_organization=land.town),
    )
    ended(land.timetable)
    assert tasks.follow_seasons(0) == 1
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.SIGNED
    pending = Provided()
    agreement = pending.agreement()
    ended(pending.timetable)
    assert tasks.follow_seasons(0) == 1
    agreement.refresh_from_db()
    assert (agreement.state, agreement.reason) == (AgreementState.CANCELLED, publishing.OVER)


def test_an_agreement_is_drawn_up_or_says_what_is_missing():
    land = Provided()
    provider, need = land.provider, land.service
    land.compose()
    [hosting] = publishing.publish(land.timetable, actor=land.actor)
    line = hosting.agreements.get()
    assert line.agreement is None
    assert line.missing
    with pytest.raises(Refusal, match="manque"):
        agreeing.draw_again(line, actor=land.actor)
    land.appoint(land.town)
    agreeing.draw_again(line, actor=land.actor)
    line.refresh_from_db()
    assert line.agreement is not None
    assert line.agreement.holder_organization == provider
    assert Agreement.objects.count() == 1
    assert need.label in line.agreement.subject


def test_a_provider_who_is_not_here_signs_elsewhere():
    published()
    line = Hosting.objects.get().agreements.get()
    assert "n’est pas inscrite" in line.missing[0]


def test_the_mediator_receives_their_week_and_calendar(client):
    land = Territory()
    ines = preparing.save_mediator(
        land.timetable,
        {"name": "Inès", "email": "ines@example.org", "weekdays": [0, 1, 2, 3, 4]},
        actor=land.actor,
    )
    land.need(mediator=ines)
    land.candidate()
    land.compose()
    publishing.publish(land.timetable, actor=land.actor)
    mail = Email.objects.get(recipient="ines@example.org")
    assert "Maison Commune" in mail.text
    for kind, pk in (("mediateur", ines.pk), ("lieu", land.place.pk)):
        feed = client.get(f"/permanences/{land.timetable.key}/{kind}-{pk}.ics")
        assert feed.content.count(b"BEGIN:VEVENT") == 16
    publishing.stop(land.timetable, "Le conseil l’a voté.", actor=land.actor)
    stopped = Email.objects.get(recipient="ines@example.org", subject__contains="s’arrêtent")
    assert "Le conseil l’a voté." in stopped.text
    assert "Maison Commune" in stopped.text


def test_a_provider_has_its_calendar(client):
    land = Provided()
    land.compose()
    publishing.publish(land.timetable, actor=land.actor)
    feed = client.get(f"/permanences/{land.timetable.key}/structure-{land.provider.pk}.ics")
    assert feed.content.count(b"BEGIN:VEVENT") == 8


def test_a_calendar_of_a_draft_is_nowhere(client):
    land = Territory()
    address = f"/permanences/{land.timetable.key}/lieu-{land.place.pk}.ics"
    assert client.get(address).status_code == 404
