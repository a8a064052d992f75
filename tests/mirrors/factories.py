"""A mirror of what a DDT reads, to the fake Grist, and what is there."""

import factory

from fakes.misbehaving import door
from preau.accounts.enums import MembershipRole, VerificationMethod
from preau.core import clock
from preau.integrations.grist import Document, server
from preau.mirrors.actions import mirrors, runs
from preau.mirrors.actions.mirrors import Choice
from preau.mirrors.enums import LIVE_RUNS
from preau.mirrors.models import Conflict, Mirror, MirroredRow, MirroredTable, MirrorRun
from preau.mirrors.servers import Address
from preau.mirrors.sources import SOURCES
from preau.mirrors.syncing import running
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.projects.factories import actor_for, pair_of


class MirrorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mirror

    organization = factory.SubFactory(OrganizationFactory, verified=True, town=True)
    name = "Suivi des projets"
    server = "https://grist.example"
    document = factory.Sequence(lambda n: f"document{n}")
    sealed_key = ""


class MirroredTableFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MirroredTable

    mirror = factory.SubFactory(MirrorFactory)
    source = "projets"
    columns = ["reference", "nom"]


class MirroredRowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MirroredRow

    table = factory.SubFactory(MirroredTableFactory)
    subject_id = factory.Sequence(lambda n: n + 1)
    uuid = factory.Faker("uuid4")


class ConflictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Conflict

    row = factory.SubFactory(MirroredRowFactory)
    group = "priorite"
    kind = "deux"
    ours = {"priorite": "Haute", "motif_priorite": "Urgent"}
    theirs = {"priorite": "Basse", "motif_priorite": "Peut attendre"}


def ddt(commune):
    """The manager of the DDT of a commune's département, verified."""
    made = pair_of(commune).ddt
    organization = made.organization
    organization.verified_at = organization.verified_at or clock.now()
    organization.verified_by_method = organization.verified_by_method or VerificationMethod.OPERATOR
    organization.save()
    membership = MembershipFactory(organization=organization, role=MembershipRole.MANAGER)
    return actor_for(membership)


def opened(actor, url, *, sources=("projets",), groups=(), columns=None, key="owner"):
    """A mirror started; its first run is made, not worked."""
    made = mirrors.prepare("Suivi", Address(url, "doc"), key, actor=actor)
    choices = {
        one: Choice(
            columns or [each.id for each in SOURCES[one].fields if each.usual],
            [each.key for each in SOURCES[one].groups if each.key in groups],
        )
        for one in sources
    }
    mirrors.choose(made, choices, actor=actor)
    return mirrors.start(made, leaving="retirer", actor=actor)


def work(mirror):
    """Do what waits; the run."""
    run = MirrorRun.objects.filter(mirror=mirror, state__in=LIVE_RUNS).get()
    running.work(run.pk)
    run.refresh_from_db()
    return run


def sync(mirror, actor):
    runs.ask(mirror, actor=actor)
    return work(mirror)


def there(url, table="Projets"):
    """The rows in Grist, by reference or by order."""
    with server(url, "owner", timeout=5) as grist:
        return list(Document(grist, "doc").records(table))


def person(url, row_id, table="Projets", **cells):
    """Somebody writes in Grist."""
    return door(url, f"/_person/doc/{table}", {"row": {"id": row_id, **cells}})


def calls(url, method):
    return [one for one in door(url, "/_calls") if one["method"] == method]
