"""Before everything of an organisation becomes another's, lines that would be there twice; and
what was written of a place whose sheet is united to another."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef

from preau.accounts.models import Organization
from preau.core import clock
from preau.directory.models import Sheet
from preau.mediation.models import FollowUpFile, PlaceEvent, Training, Visit


def settle(source: Organization, target: Organization) -> None:
    """A training written in both registers is one training."""
    same = Training.objects.filter(
        organization=target,
        person=OuterRef("person"),
        title=OuterRef("title"),
        followed_on=OuterRef("followed_on"),
    )
    Training.objects.filter(Exists(same), organization=source).delete()


def follow_sheet(kept: Sheet, gone: Sheet) -> None:
    """Its agenda (calendars that follow it read the new place), its visits, its files."""
    PlaceEvent.objects.filter(sheet=gone).update(
        sheet=kept, version=F("version") + 1, changed_at=clock.now()
    )
    Visit.objects.filter(sheet=gone).update(sheet=kept, departement_code=kept.departement_code)
    FollowUpFile.objects.filter(sheet=gone).update(sheet=kept)
