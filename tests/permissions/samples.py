"""One small world, and for each address the arguments that lead to a thing of that world.

A new address whose path takes arguments needs one line in SAMPLES. A thing that does not exist
yet in the world is made in `World` (a cached property, so that only those who ask pay for it).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from preau.accounts.actions.members import digest
from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole, Role
from preau.accounts.models import Invitation
from preau.agreements.actions import rounds
from preau.agreements.actions.library import copy_model
from preau.agreements.enums import LegalCase
from preau.agreements.loading import load_national_models
from preau.agreements.models import Model
from preau.booking import links as booking_links
from preau.booking.actions.requests import accept
from preau.booking.enums import Frequency
from preau.booking.models import (
    BookingDocument,
    BookingRules,
    BookingSeries,
    ChangeRequest,
    Delegation,
    WaitingEntry,
)
from preau.booking.topics import MESSAGES
from preau.core import clock
from preau.desk.actions.inventories import add_photo as add_inventory_photo
from preau.desk.actions.inventories import begin
from preau.desk.enums import Moment
from preau.desk.imports.columns import template
from preau.desk.models import ImportBatch, PlaceImport
from preau.documents.actions import share
from preau.documents.models import Elimination
from preau.notifications import links
from preau.notifications.actions import notify
from preau.notifications.actions.notices import UNSUBSCRIBE
from preau.notifications.models import EmailState
from preau.places.actions import add_photo
from preau.places.enums import PlaceRoleKind
from preau.portal.demo.people import PERSONAS as PERSONAS_OF_DEMO
from preau.pricing.enums import RateUnit
from preau.pricing.models import Rate, Tariff
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.agreements.factories import agreement_of, mayor_of
from tests.availability.factories import open_space
from tests.booking.factories import booking
from tests.documents.factories import document
from tests.documents.pictures import picture
from tests.notifications.factories import DeliveredEmailFactory, EmailFactory
from tests.permissions.samples_accounts import (
    ACCOUNTS_SAMPLES,
    ACCOUNTS_SAMPLES_BY_ARGUMENT,
    AccountsWorld,
)
from tests.permissions.samples_projects import (
    PROJECT_ROLES,
    PROJECT_ROOMS,
    PROJECT_SAMPLES,
    PROJECT_SAMPLES_BY_ARGUMENT,
    ProjectsWorld,
)
from tests.permissions.samples_resources import (
    RESOURCE_SAMPLES,
    RESOURCE_SAMPLES_BY_ARGUMENT,
    ResourcesWorld,
)
from tests.permissions.samples_shared import (
    SHARED_SAMPLES,
    SHARED_SAMPLES_BY_ARGUMENT,
    SharedWorld,
)
from tests.places.factories import PlaceFactory, PlaceRoleFactory, SpaceFactory
from tests.signatures.factories import agreement, token_of, wanted

TOKEN = "a-token-known-to-the-test"
ATTACHMENT = {"name": "reservation.ics", "type": "text/calendar", "content": "BEGIN:VCALENDAR"}


@dataclass(frozen=True)
class Persona:
    """Someone, the hat they wear, and what they are towards the town and its place."""

    name: str
    town_roles: frozenset = frozenset()
    place_roles: frozenset = frozenset()
    project_roles: frozenset = frozenset()

    def roles(self, world, scope):
        """What the matrix should see: written apart from `perms.roles_of`, to check it."""
        if self.name == "anonymous":
            return {Role.ANYONE}
        user, membership = world.people[self.name]
        roles = {Role.ANYONE, Role.SIGNED_IN}
        if self.name == "operator":
            roles.add(Role.OPERATOR)
        if scope.organization_id == world.town.pk:
            roles |= self.town_roles
        elif membership and scope.organization_id == membership.organization_id:
            roles |= MANAGER  # the two other organisations' members manage theirs
        if scope.place_id == world.place.pk:
            roles |= self.place_roles
        if scope.holder_user_id == user.pk:
            roles.add(Role.HOLDER)
        if membership and scope.holder_organization_id == membership.organization_id:
            roles.add(Role.HOLDER)
        if scope.project_id == world.project_pk:
            roles |= self.project_roles
        if scope.reader_keys & self.keys(world):
            roles.add(Role.READER)
        return roles

    def keys(self, world):
        """The audience lines that name them."""
        user, membership = world.people[self.name]
        mine = {f"user:{user.pk}"}
        if membership:
            line = f"organization:{membership.organization_id}"
            decides = self.name not in {"member", "caretaker"}
            mine |= {line, f"{line}:deciders"} if decides else {line}
        return mine | ({f"place:{world.place.pk}"} if self.place_roles else set())


MEMBER = frozenset({Role.MEMBER})
MANAGER = frozenset({Role.MEMBER, Role.CARETAKER, Role.APPROVER, Role.MANAGER})
PERSONAS = [
    Persona("anonymous"),
    Persona("resident"),
    Persona("holder"),
    Persona("holder_member"),
    Persona("other_manager"),
    Persona("member", MEMBER),
    Persona("caretaker", MEMBER | {Role.CARETAKER}),
    Persona("approver", MEMBER | {Role.APPROVER}),
    Persona("manager", MANAGER),
    Persona("administrator", MANAGER | {Role.ADMINISTRATOR}),
    Persona("head_of_school", place_roles=MANAGER),
    Persona("operator"),
]
PROJECT_PERSONAS = [Persona(name, project_roles=roles) for name, roles in PROJECT_ROLES.items()]


def personas_for(name):
    """Those who walk an address: everyone in the rooms of projects, else those of the town."""
    return PERSONAS + (PROJECT_PERSONAS if name.startswith(PROJECT_ROOMS) else [])


TOWN_STAFF = {
    "member": MembershipRole.MEMBER,
    "caretaker": MembershipRole.CARETAKER,
    "approver": MembershipRole.APPROVER,
    "manager": MembershipRole.MANAGER,
    "administrator": MembershipRole.ADMINISTRATOR,
}


class World(AccountsWorld, ProjectsWorld, ResourcesWorld, SharedWorld):
    """A town that owns a place, an association that holds, another organisation, a resident."""

    def __init__(self, *, projects=False):
        self.town = OrganizationFactory(verified=True, town=True)
        self.association = OrganizationFactory(verified=True)
        self.people = {name: self._staff(role) for name, role in TOWN_STAFF.items()}
        self.people |= {
            "resident": (UserFactory(), None),
            "holder": (UserFactory(), None),
            "operator": (UserFactory(operator=True), None),
            "head_of_school": (UserFactory(), None),
            "holder_member": self._manager_of(self.association),
            "other_manager": self._manager_of(OrganizationFactory(verified=True)),
        }
        PlaceRoleFactory(
            place=self.place,
            user=self.people["head_of_school"][0],
            role=PlaceRoleKind.HEAD_OF_SCHOOL,
        )
        if projects:
            self.people |= self.project_people()
        self.project_pk = self.project.pk if projects else -1

    def _staff(self, role):
        membership = MembershipFactory(organization=self.town, role=role)
        return membership.user, membership

    def _manager_of(self, organization):
        membership = MembershipFactory(organization=organization, role=MembershipRole.MANAGER)
        return membership.user, membership

    @cached_property
    def place(self):
        return PlaceFactory(owner=self.town)

    @cached_property
    def space(self):
        return SpaceFactory(place=self.place)

    @cached_property
    def booking(self):
        """Asked by the holder for the association."""
        open_space(self.space)
        one = booking(self.space, actor=Actor(self.people["holder"][0]))
        one.organization = self.association
        one.save()
        return one

    @cached_property
    def series(self):
        """The same, every week, with a day left out."""
        open_space(self.space)
        one = booking(self.space, actor=Actor(self.people["holder"][0]), days=17)
        one.organization = self.association
        one.save()
        day = one.starts_at.date()
        BookingSeries.objects.create(
            booking=one,
            frequency=Frequency.WEEKLY,
            first_day=day,
            last_day=day + timedelta(weeks=2),
            start_minute=18 * 60,
            minutes=120,
            skipped=[{"day": str(day + timedelta(weeks=1)), "why": "choix", "name": ""}],
        )
        return one

    @cached_property
    def token_of_booking(self):
        """A member's of the association: the holder left it, and their link leads nowhere."""
        facts = {"booking": self.booking.reference, "user": self.people["holder_member"][0].pk}
        return links.sign(booking_links.PURPOSE, facts, days=1)

    @cached_property
    def token_of_topic(self):
        facts = {"user": self.people["holder"][0].pk, "topic": MESSAGES.key}
        return links.sign(UNSUBSCRIBE, facts, days=1)

    @cached_property
    def notice(self):
        holder = self.people["holder"][0]
        return notify([holder], topic=MESSAGES.key, title="Un message", cause="sample")[0]

    @cached_property
    def signature_round(self):
        """Of the town, for the association: the first signatory has their link."""
        one = agreement(self.place, self.association)
        deadline = clock.now() + timedelta(days=9)
        planned = rounds.plan_round(one, wanted(2), deadline=deadline, actor=SYSTEM)
        return rounds.open_round(planned, one.document.file, actor=SYSTEM)

    @cached_property
    def membership(self):
        return self.people["member"][1]

    @cached_property
    def calendar(self):
        return open_space(self.space)

    @cached_property
    def demo_persona(self):
        persona = PERSONAS_OF_DEMO[0]
        UserFactory(email=persona.email)
        return persona

    @cached_property
    def photo(self):
        return add_photo(
            actor=SYSTEM, place=self.place, space=None, upload=picture(), alternative_text="Cour"
        )

    @cached_property
    def email(self):
        return DeliveredEmailFactory(html="<p>Bonjour</p>", attachments=[ATTACHMENT])

    @cached_property
    def failed_email(self):
        return EmailFactory(state=EmailState.FAILED)

    @cached_property
    def inventory(self):
        accepted = accept(self.booking, actor=Actor(*self.people["manager"]))
        return begin(accepted.occupancy, Moment.ARRIVAL, actor=Actor(*self.people["caretaker"]))

    @cached_property
    def inventory_photo(self):
        return add_inventory_photo(
            self.inventory, picture(), "Une chaise", actor=Actor(*self.people["caretaker"])
        )

    @cached_property
    def import_batch(self):
        return ImportBatch.objects.create(
            place=self.place, made_by=self.people["manager"][0], file_name="agenda.csv"
        )

    @cached_property
    def document(self):
        """Of the town, shown to the association and to those who run the place."""
        one = document(owner_organization=self.town)
        keys = [f"organization:{self.association.pk}", f"place:{self.place.pk}"]
        share(one, keys, actor=SYSTEM)
        return one

    @cached_property
    def elimination(self):
        return Elimination.objects.create(organization=self.town)

    @cached_property
    def booking_rules(self):
        return BookingRules.objects.create(organization=self.place.owner, name="Règles")

    @cached_property
    def delegation(self):
        giver, _ = self.people["manager"]
        return Delegation.objects.create(
            giver=giver,
            receiver=self.people["holder"][0],
            place=self.place,
            since=date(2020, 1, 1),
            until=date(2020, 1, 2),
        )

    @cached_property
    def piece(self):
        return BookingDocument.objects.create(
            booking=self.booking, kind=self.document.kind, document=self.document
        )

    @cached_property
    def change_request(self):
        return ChangeRequest.objects.create(
            booking=self.booking,
            date=self.booking.dates.first(),
            attendance=5,
            reason="Nous serons moins",
            answer_by=clock.now() + timedelta(days=1),
        )

    @cached_property
    def waiting_entry(self):
        return WaitingEntry.objects.create(
            space=self.space,
            starts_at=clock.now() + timedelta(days=3),
            ends_at=clock.now() + timedelta(days=3, hours=1),
            user=self.people["holder"][0],
        )

    @cached_property
    def agreement_version(self):
        """A draft of the town, copied from a national model."""
        load_national_models()
        source = Model.objects.get(organization=None, case=LegalCase.COMMUNE_ASSOCIATION)
        return copy_model(source, self.town, name="Associations", actor=SYSTEM)

    @cached_property
    def agreement(self):
        """Drawn up for the association, in the town's place."""
        load_national_models()
        return agreement_of(self.place, self.association)

    @cached_property
    def signing_authority(self):
        return mayor_of(self.town)

    @cached_property
    def tariff(self):
        one = Tariff.objects.create(organization=self.town, name="Salles")
        Rate.objects.create(tariff=one, unit=RateUnit.HOUR, amount_cents=1000)
        return one

    @cached_property
    def place_import(self):
        return PlaceImport.objects.create(
            organization=self.town,
            made_by=self.people["manager"][0],
            file_name="lieux.csv",
            text=template(),
        )

    @cached_property
    def place_role(self):
        return PlaceRoleFactory(place=self.place)

    @cached_property
    def invitation(self):
        return Invitation.objects.create(
            organization=self.town,
            email=self.people["resident"][0].email,
            role=MembershipRole.MEMBER,
            token_digest=digest(TOKEN),
            expires_at=clock.now() + timedelta(days=1),
        )


def _town(world):
    return {"pk": world.town.pk}


def _membership(world):
    return {"pk": world.membership.pk}


def _token(world):
    assert world.invitation
    return {"token": TOKEN}


def _first_space(world):
    """What the guide asks of a space, once there is one."""
    return {"organization_id": world.space.place.owner_id}


def _space_page(world):
    return {"slug": world.place.slug, "space_slug": world.space.slug}


def _signing_link(world):
    return {"token": token_of(world.signature_round.signatories.get(position=1))}


#: What a signatory's link leads to.
SIGNING = (
    "", "_send_code", "_code", "_link_again", "_read", "_file", "_consent", "_refuse", "_progress",
    "_copy", "_proof",
)  # fmt: skip
#: The steps of the guide that need a space.
GUIDE = ("hours", "price", "rules", "agreement", "signatory", "publish")
#: Address → its arguments, made from the world.
SAMPLES = {
    **{f"desk:setup_{step}": _first_space for step in GUIDE},
    **{f"agreements:sign{page}": _signing_link for page in SIGNING},
    "accounts:organization": _town,
    "accounts:organization_edit": _town,
    "accounts:organization_decide": _town,
    "accounts:send_code": _town,
    "accounts:organization_code": _town,
    "accounts:ask_verification": _town,
    "accounts:decide": _town,
    "accounts:merge_choose": _town,
    "accounts:merge": lambda world: _town(world) | {"into": OrganizationFactory().pk},
    "accounts:members": _town,
    "accounts:invite": _town,
    "accounts:revoke": lambda world: {"pk": world.invitation.pk},
    "accounts:role": _membership,
    "accounts:remove": _membership,
    "accounts:leave": _membership,
    "accounts:invitation": _token,
    "accounts:accept": _token,
    "booking:dates_add": lambda world: {"reference": world.series.reference},
    "booking:dates_add_as_manager": lambda world: {"reference": world.series.reference},
    "booking:by_link": lambda world: {"token": world.token_of_booking},
    "portal:notice_open": lambda world: {"notice_id": world.notice.pk},
    "portal:unsubscribe": lambda world: {"token": world.token_of_topic},
    "find:place": lambda world: {"slug": world.place.slug},
    "find:space": _space_page,
    "find:space_feed": _space_page,
    "find:place_feed": lambda world: {"secret": world.place.feed_secret},
    "documents:page": lambda world: {"pk": world.document.pk},
    "documents:download": lambda world: {"pk": world.document.pk},
    "documents:replace": lambda world: {"pk": world.document.pk},
    "documents:remove": lambda world: {"pk": world.document.pk},
    "places:picture": lambda world: {"sha256": world.photo.file.sha256},
    "portal:mail_attachment": lambda world: {"email_id": world.email.pk, "number": 1},
    "portal:mail_send_again": lambda world: {"email_id": world.failed_email.pk},
    "portal:become": lambda world: {"key": world.demo_persona.key},
    "mfa_remove_webauthn": lambda world: {"pk": 1},
    "mfa_edit_webauthn": lambda world: {"pk": 1},
}
SAMPLES |= PROJECT_SAMPLES
#: Whole folders of addresses that take the same thing.
SAMPLES_BY_ARGUMENT = {
    "place_id": lambda world: world.place.pk,
    "space_id": lambda world: world.space.pk,
    "calendar_id": lambda world: world.calendar.pk,
    "occupancy_id": lambda world: world.booking.occupancy_id,
    "photo_id": lambda world: world.photo.pk,
    "service_key": lambda world: "geocoder",
    "elimination_id": lambda world: world.elimination.pk,
    "email_id": lambda world: world.email.pk,
    "organization_id": lambda world: world.town.pk,
    "piece_id": lambda world: world.piece.pk,
    "kind": lambda world: "assurance",
    "tariff_id": lambda world: world.tariff.pk,
    "sort": lambda world: "saisons",
    "rules_id": lambda world: world.booking_rules.pk,
    "delegation_id": lambda world: world.delegation.pk,
    "role_id": lambda world: world.place_role.pk,
    "moment": lambda world: "arrivee",
    "inventory_id": lambda world: world.inventory.pk,
    "inventory_photo_id": lambda world: world.inventory_photo.pk,
    "place_import_id": lambda world: world.place_import.pk,
    "batch_id": lambda world: world.import_batch.pk,
    "date_id": lambda world: world.series.dates.first().pk,
    "reference": lambda world: world.booking.reference,
    "change_id": lambda world: world.change_request.pk,
    "entry_id": lambda world: world.waiting_entry.pk,
    "case": lambda world: world.agreement_version.model.case,
    "model_id": lambda world: world.agreement_version.model_id,
    "version_id": lambda world: world.agreement_version.pk,
    "clause_id": lambda world: world.agreement_version.clauses.first().pk,
    "authority_id": lambda world: world.signing_authority.pk,
    "number": lambda world: world.agreement.number,
    "round_id": lambda world: world.signature_round.pk,
    "signatory_id": lambda world: world.signature_round.signatories.get(position=1).pk,
}
SAMPLES_BY_ARGUMENT |= PROJECT_SAMPLES_BY_ARGUMENT | RESOURCE_SAMPLES_BY_ARGUMENT
SAMPLES_BY_ARGUMENT |= SHARED_SAMPLES_BY_ARGUMENT
SAMPLES |= RESOURCE_SAMPLES | SHARED_SAMPLES | ACCOUNTS_SAMPLES
SAMPLES_BY_ARGUMENT |= ACCOUNTS_SAMPLES_BY_ARGUMENT
#: Views of libraries, which carry no permission of ours: who they are for.
THIRD_PARTY = {
    "mfa_login_webauthn": Role.ANYONE,
    "mfa_index": Role.SIGNED_IN,
    "mfa_list_webauthn": Role.SIGNED_IN,
    "mfa_add_webauthn": Role.SIGNED_IN,
    "mfa_remove_webauthn": Role.SIGNED_IN,
    "mfa_edit_webauthn": Role.SIGNED_IN,
    "mfa_reauthenticate": Role.SIGNED_IN,
    "mfa_reauthenticate_webauthn": Role.SIGNED_IN,
    "mfa_view_recovery_codes": Role.SIGNED_IN,
    "mfa_generate_recovery_codes": Role.SIGNED_IN,
    "mfa_download_recovery_codes": Role.SIGNED_IN,
}
#: Views whose permission lets in and which then ask again for what they received. Say why.
ASKS_AGAIN = {
    "identity_link": "nobody has been recognised elsewhere: back to the start",
    "account_confirm_login_code": "no sign-in is under way: back to its start",
    "mfa_authenticate": "no sign-in is under way: back to its start",
    "mfa_reauthenticate": "the persona has no key to confirm with",
    "mfa_reauthenticate_webauthn": "the persona has no key to confirm with",
}
