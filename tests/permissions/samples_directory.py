"""Addresses of the room `directory`, and the things of the world they lead to."""

from functools import cached_property

from preau.accounts.actors import ANONYMOUS
from preau.directory.actions.signalling import Said, send_signal
from preau.directory.enums import SignalKind
from preau.directory.models import SheetClaim, SheetPair
from tests.directory.factories import OfferFactory, SheetFactory
from tests.permissions.samples_lists import LISTS_SAMPLES_BY_ARGUMENT, ListsWorld
from tests.territories.factories import CommuneFactory


class DirectoryWorld(ListsWorld):
    """Added to `samples.World`."""

    @cached_property
    def _elsewhere(self):
        """Where the town has no say but on its own sheets."""
        return CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])

    @cached_property
    def sheet(self):
        """The town's, with a service."""
        made = SheetFactory(manager=self.town, commune=self._elsewhere)
        OfferFactory(sheet=made)
        return made

    @cached_property
    def sheet_signal(self):
        said = Said(SignalKind.WRONG, self.sheet.commune, self.sheet, {"phone": "0476000000"})
        return send_signal(said, actor=ANONYMOUS)

    @cached_property
    def sheet_pair(self):
        other = SheetFactory(manager=self.town, commune=self._elsewhere)
        first, second = sorted([self.sheet, other], key=lambda one: one.pk)
        return SheetPair.objects.create(first=first, second=second, score=0.8, reasons=["test"])

    @cached_property
    def sheet_claim(self):
        return SheetClaim.objects.create(
            sheet=self.sheet, organization=self.association, text="Convention."
        )


#: view name → arguments, as a function of the world.
DIRECTORY_SAMPLES = {}
#: argument of an address → its value.
DIRECTORY_SAMPLES_BY_ARGUMENT = LISTS_SAMPLES_BY_ARGUMENT | {
    "tags_slug": lambda world: world.sheet.slug,
    "sheet_slug": lambda world: world.sheet.slug,
    "sheet_offer_id": lambda world: world.sheet.services.get().pk,
    "sheet_signal_key": lambda world: world.sheet_signal.key,
    "sheet_pair_id": lambda world: world.sheet_pair.pk,
    "sheet_claim_key": lambda world: world.sheet_claim.key,
}
