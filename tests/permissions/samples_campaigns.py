"""What the addresses of campaigns, listings and stories take."""

from functools import cached_property

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.documents import images
from preau.initiatives import pledge_links
from preau.initiatives.enums.listings import ListingState, Side
from preau.initiatives.enums.stories import Consent, StoryState
from preau.initiatives.models import Flow, Pledge, Story, StoryPhoto, Suggestion
from tests.directory.factories import SheetFactory
from tests.documents.pictures import picture
from tests.initiatives.campaign_factories import campaign
from tests.initiatives.listing_factories import ListingFactory, answer, published


class CampaignsWorld:
    """Things of campaigns, listings and stories."""

    @cached_property
    def listing(self):
        """The town's, in its own commune: its people keep it and moderate there."""
        return published(
            organization=self.town, commune=self.town.commune, author=self.people["manager"][0]
        )

    @cached_property
    def listing_answer(self):
        return answer(self.listing)

    @cached_property
    def listing_suggestion(self):
        need = ListingFactory(side=Side.NEED, state=ListingState.DRAFT)
        return Suggestion.objects.create(offer=self.listing, need=need, score=60, reasons=["Ici"])

    @cached_property
    def listing_flow(self):
        return Flow.objects.create(
            project=self.project,
            category="denrees",
            what="Compost",
            donor_name="Ville",
            receiver_name="Ferme",
            since=clock.today(),
        )

    @cached_property
    def campaign(self):
        return campaign(project=self.project)

    @cached_property
    def pledge(self):
        target = self.campaign.targets.get()
        return Pledge.objects.create(target=target, quantity=2, name="Paul", email="p@v.example")

    @cached_property
    def story_sheet(self):
        return SheetFactory(manager=self.town)

    @cached_property
    def story(self):
        return Story.objects.create(
            sheet=self.story_sheet,
            commune=self.story_sheet.commune,
            title="Un composteur qui a fait école",
            summary="Cent foyers.",
            text="Voilà.",
            authors="Le collectif",
            state=StoryState.PUBLISHED,
            published_at=clock.now(),
        )

    @cached_property
    def story_photo(self):
        kept = images.keep(picture(), actor=SYSTEM)
        return StoryPhoto.objects.create(
            story=self.story,
            file=kept.full,
            thumbnail=kept.thumbnail,
            alternative_text="Un composteur",
            people=Consent.NOBODY,
        )


CAMPAIGNS_SAMPLES = {}
CAMPAIGNS_SAMPLES_BY_ARGUMENT = {
    "listing_key": lambda world: world.listing.key,
    "answer_id": lambda world: world.listing_answer.pk,
    "suggestion_id": lambda world: world.listing_suggestion.pk,
    "flow_project_key": lambda world: world.project.key,
    "flow_id": lambda world: world.listing_flow.pk,
    "campaign_project_key": lambda world: world.project.key,
    "campaign_key": lambda world: world.campaign.key,
    "asked_target_id": lambda world: world.campaign.targets.get().pk,
    "target_id": lambda world: world.campaign.targets.get().pk,
    "pledge_key": lambda world: world.pledge.key,
    "pledge_token": lambda world: pledge_links.page_for(world.pledge).split("/")[-2],
    "story_key": lambda world: world.story.key,
    "story_photo_id": lambda world: world.story_photo.pk,
    "story_sheet_key": lambda world: world.story_sheet.key,
    "story_project_key": lambda world: world.project.key,
}
