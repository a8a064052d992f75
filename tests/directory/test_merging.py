"""Two sheets become one: nothing that any room hung on the one that goes is lost."""

from datetime import date, timedelta

import pytest

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.core.errors import Refusal
from preau.directory.actions.following import follow_place
from preau.directory.actions.merging import merge_sheets
from preau.directory.bringing.running import _pointing
from preau.directory.enums import PairState, SheetState, SignalKind, SignalState
from preau.directory.models import ListedFields, Sheet, SheetClaim, SheetPair, Signal
from preau.initiatives.enums.stories import StoryState
from preau.initiatives.models import Story
from preau.mediation.enums import Consent, EventKind, Theme
from preau.mediation.models import FollowUpFile, PlaceEvent, Visit
from preau.places.enums import Publication
from preau.siting.enums import WatchKind, WatchState
from preau.siting.models import WatchItem
from tests.accounts.factories import OrganizationFactory, UserFactory
from tests.directory.factories import OfferFactory, SheetFactory, opened
from tests.directory.test_open_now import OFFICE
from tests.places.factories import PlaceFactory
from tests.siting.factories import WatchItemFactory

pytestmark = pytest.mark.django_db

#: What the sheet that goes keeps, and why.
STAYS = {
    "directory.SheetChange": "its past, told with that of the sheet that absorbed it",
    "directory.SheetPair": "what was decided of it; the open pairs of the one that goes are gone",
}


def waiting_claim(sheet, organization):
    return SheetClaim.objects.create(sheet=sheet, organization=organization, text="C’est nous.")


def followed(sheet, organization, **given):
    return WatchItemFactory(kind=WatchKind.SHEET, sheet=sheet, organization=organization, **given)


def _rows_of_mediation(gone):
    now = clock.now()
    PlaceEvent.objects.create(
        sheet=gone,
        kind=EventKind.WORKSHOP,
        title="Réparer son vélo",
        starts_at=now,
        ends_at=now + timedelta(hours=2),
    )
    Visit.objects.create(sheet=gone, departement_code="38", day=now.date(), themes=[Theme.RIGHTS])
    FollowUpFile.objects.create(
        reference="S-2026-0001",
        organization=OrganizationFactory(),
        sheet=gone,
        mediator=UserFactory(),
        theme=Theme.RIGHTS,
        sealed_name="x",
        consent=Consent.PAPER,
        consented_on=now.date(),
        last_step_on=now.date(),
    )


def full():
    """A sheet with a line of everything that can point to one."""
    gone = opened(*OFFICE, exceptions=[], name="France services Vif")
    gone.exceptions.create(effect="ferme", first_day=date(2030, 1, 1), last_day=date(2030, 1, 1))
    gone.references.create(source="france-services", external_id="1")
    gone.labels.create(source="charte:1", words="Charte", since=date(2026, 1, 1))
    ListedFields.objects.create(sheet=gone, source="france-services", format="tableau", values={})
    OfferFactory(sheet=gone)
    Signal.objects.create(
        kind=SignalKind.WRONG, sheet=gone, commune=gone.commune, departement_code="38"
    )
    waiting_claim(gone, OrganizationFactory())
    SheetFactory(state=SheetState.MERGED, merged_into=gone)
    followed(gone, OrganizationFactory(verified=True))
    SheetPair.objects.create(first=gone, second=SheetFactory(), score=0.9, state=PairState.DISTINCT)
    Story.objects.create(sheet=gone, commune=gone.commune, title="Un récit", state=StoryState.DRAFT)
    _rows_of_mediation(gone)
    return gone


def pointing_to(sheet):
    found = {}
    for model, name in _pointing():
        number = model._base_manager.filter(**{name: sheet}).count()
        found[model._meta.label] = found.get(model._meta.label, 0) + number
    return found


def test_all_that_points_to_a_sheet_moves_with_it_in_every_room():
    kept, gone = SheetFactory(name="Maison FS de Vif"), full()
    before = pointing_to(gone)
    unseen = {label for label, number in before.items() if not number} - STAYS.keys()
    assert not unseen, "a room points to sheets: write a row here, and register in sheet_merges"
    merge_sheets(kept, gone, actor=SYSTEM)
    left = {label for label, number in pointing_to(gone).items() if number}
    assert left <= STAYS.keys()
    after = pointing_to(kept)
    for label in before.keys() - STAYS.keys():
        assert after[label] >= before[label], label


def test_calendars_that_follow_the_place_read_that_it_moved():
    kept, gone = SheetFactory(departement_code="73"), full()
    merge_sheets(kept, gone, actor=SYSTEM)
    assert PlaceEvent.objects.get().version == 1
    assert Visit.objects.get().departement_code == "73"


def test_what_was_followed_or_asked_for_twice_is_once():
    kept, gone = SheetFactory(), SheetFactory()
    both, one = OrganizationFactory(verified=True), OrganizationFactory(verified=True)
    followed(kept, both)
    double = followed(gone, both)
    alone = followed(gone, one)
    past = followed(gone, both, state=WatchState.CLOSED, closed_at=clock.now())
    first, single = waiting_claim(kept, both), waiting_claim(gone, one)
    waiting_claim(gone, both)
    merge_sheets(kept, gone, actor=SYSTEM)
    for item in (double, alone, past):
        item.refresh_from_db()
    assert (double.state, alone.state, past.sheet) == (
        WatchState.CLOSED,
        WatchState.TO_FOLLOW,
        kept,
    )
    assert WatchItem.objects.filter(sheet=kept).count() == 4
    claims = SheetClaim.objects.filter(sheet=kept, state=SignalState.WAITING)
    assert set(claims) == {first, single}


@pytest.mark.parametrize(
    ("kept_state", "gone_state", "after"),
    [
        (SheetState.PROPOSED, SheetState.PUBLISHED, SheetState.PUBLISHED),
        (SheetState.REFUSED, SheetState.PUBLISHED, SheetState.PUBLISHED),
        (SheetState.CLOSED, SheetState.PUBLISHED, SheetState.PUBLISHED),
        (SheetState.REFUSED, SheetState.PROPOSED, SheetState.PROPOSED),
        (SheetState.PUBLISHED, SheetState.PROPOSED, SheetState.PUBLISHED),
        (SheetState.PUBLISHED, SheetState.CLOSED, SheetState.PUBLISHED),
    ],
)
def test_uniting_never_takes_a_place_off_the_directory(kept_state, gone_state, after):
    kept, gone = SheetFactory(state=kept_state), SheetFactory(state=gone_state)
    merge_sheets(kept, gone, actor=SYSTEM)
    kept.refresh_from_db()
    assert kept.state == after
    told = kept.changes.get().fields.get("state")
    assert told == (None if kept_state == after else [kept_state, after])


def test_nor_with_a_bookable_place_that_is_not_shown():
    place = PlaceFactory()
    sheet = follow_place(place)
    place.publication = Publication.DRAFT
    place.save()
    follow_place(place)
    other = SheetFactory()
    with pytest.raises(Refusal, match="n’est pas publié"):
        merge_sheets(other, sheet, actor=SYSTEM)
    assert Sheet.objects.get(pk=other.pk).state == SheetState.PUBLISHED
