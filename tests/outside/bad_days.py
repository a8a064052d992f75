"""For each outside service: the page a person is on, what asks the service there, what it says.

`at` aims the service at an address; `use` asks it (a click, or the task behind the page) and gives
the page as it is then. `said`: the sentence of each day, "" on the other days; once, or as often as `times`.
"""

from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from django.core.cache import cache
from django.urls import reverse

from preau.access.enums import DriverKind
from preau.accounts.actors import SYSTEM
from preau.accounts.enums import MembershipRole
from preau.agreements.actions import advancing
from preau.agreements.actions import settings as signing_settings
from preau.agreements.providers import ProviderDown, ProviderRefused
from preau.agreements.signing_enums import ProviderName
from preau.agreements.signing_tasks import advance_round
from preau.api.actions import webhooks
from preau.api.actions.delivering import deliver
from preau.api.models import WebhookEndpoint
from preau.calendars.actions import reading
from preau.documents import timestamps
from preau.mirrors.actions import mirrors
from preau.mirrors.models import Mirror
from preau.mirrors.servers import Address
from preau.outside.models import CompanyCard
from preau.payments.models import Operation
from tests.access.factories import DoorFactory, manager_of
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.api.factories import administrator, endpoint_of
from tests.calendars.factories import followed
from tests.connectors import factories as grants
from tests.mirrors.factories import ddt
from tests.payments.factories import OfficeFactory, ask
from tests.projects.factories import ProjectFactory, holder
from tests.signatures import factories as rounds
from tests.territories.factories import CommuneFactory

EVERY_DAY = ("down", "slow?seconds=30", "html", "truncated", "401", "429?after=60", "500")


class Row:
    """One service. Attributes: `on_click`: somebody waits for its answer."""

    days = EVERY_DAY
    on_click = True
    asks_when_paused = False
    said = {"": "ne répond pas"}
    times = 1
    page = ""

    def __init__(self, settings, monkeypatch):
        self.settings, self.monkeypatch = settings, monkeypatch
        self.begin()

    def begin(self): ...

    def signed_in(self, client): ...

    def at(self, url): ...

    def again(self):
        """Forget what was kept since the last day."""

    def use(self, client):
        return client.post(self.page, follow=True)


class _Manager(Row):
    def begin(self):
        CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])
        town = OrganizationFactory()
        self.member = MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)

    def signed_in(self, client):
        sign_in(client, self.member.user, self.member)


class Search(_Manager):
    key, said = "geocoder", {"": "La recherche d’adresses ne répond pas en ce moment. Écrivez la"}
    page, times = reverse("find:search"), 2  # above the form, and at the field

    def at(self, url):
        self.settings.GEOCODER_URL = url

    def use(self, client):
        return client.get(self.page, {"ou": "12 rue des Écoles"})


class Locate(Search):
    said, page, times = {"": "Écrivez la position vous-même"}, reverse("places:create"), 1

    def use(self, client):
        typed = {"locate": "1", "address": "12 rue des Écoles", "commune": "Voiron"}
        return client.post(self.page, typed)


class Fill(_Manager):
    key, page = "companies", reverse("accounts:organization_create")
    said = {"": "ne répond pas en ce moment : remplissez à la main"}

    def at(self, url):
        self.settings.COMPANIES_URL = url

    def again(self):
        CompanyCard.objects.all().delete()

    def use(self, client):
        return client.post(self.page, {"fill": "vide", "siret": "21380563300012"})


class Aids(Row):
    """Read at night; the operator alone asks it at once, and ends a pause so."""

    asks_when_paused = True
    key, page = "aides_territoires", reverse("connectors:service", args=["aides_territoires"])
    said = {
        "": "ne répond pas, ou répond autre chose",
        "401": "refuse notre clé",
        "429?after=60": "répond d’attendre",
    }

    def signed_in(self, client):
        sign_in(client, UserFactory(is_operator=True))

    def at(self, url):
        self.settings.AIDES_TERRITOIRES = {"url": url, "key": "a-key-of-tests"}

    def use(self, client):
        return client.post(reverse("connectors:try", args=[self.key]), follow=True)


class PayFiP(Row):
    key, said = "payfip", {"": "PayFiP ne répond pas en ce moment"}

    def begin(self):
        self.payer = UserFactory()
        self.due = ask(OfficeFactory(), user=self.payer)
        self.page = self.due.get_absolute_url()

    def signed_in(self, client):
        client.force_login(self.payer)

    def at(self, url):
        self.settings.PAYFIP_URL = url

    def again(self):
        Operation.objects.all().delete()

    def use(self, client):
        return client.post(reverse("payments:pay", args=[self.due.key]), follow=True)


class _Lock(Row):
    said = {"": "réessayez dans quelques minutes", "401": "Le service refuse ce compte"}

    def begin(self):
        self.door = DoorFactory(driver=self.key, remote_id="17")
        self.page = reverse("access:door", args=[self.door.pk])

    def signed_in(self, client):
        actor = manager_of(self.door.place)
        sign_in(client, actor.user, actor.membership)

    def use(self, client):
        return client.post(reverse("access:door_test", args=[self.door.pk]), follow=True)


class Nuki(_Lock):
    key = DriverKind.NUKI

    def at(self, url):
        self.settings.NUKI_URL = url


class TTLock(_Lock):
    key = DriverKind.TTLOCK

    def at(self, url):
        self.settings.TTLOCK_URL = url


class Igloohome(_Lock):
    key = DriverKind.IGLOOHOME

    def at(self, url):
        self.settings.IGLOOHOME_URL = self.settings.IGLOOHOME_AUTH_URL = url


class Zigbee(_Lock):
    """A broker has no statuses: away, silent, or speaking another language."""

    key, days = DriverKind.ZIGBEE, ("down", "slow?seconds=30", "babble")
    said = {"": _Lock.said[""]}

    def at(self, url):
        self.settings.MQTT_URL = url.replace("http://", "mqtt://")


class _SignIn(Row):
    said = {"": "ne répond pas correctement en ce moment"}
    page = reverse("account_login")

    def at(self, url):
        known = {"client_id": "preau", "client_secret": "a-secret", "levels": ["eidas1"]}
        setattr(self.settings, self.key.upper(), {"issuer": url, **known})

    def again(self):
        cache.clear()

    def use(self, client):
        there = client.get(reverse("identity_leave", args=[self.key]))["Location"]
        if there.startswith(self.page):  # paused: nobody is sent there to come back for nothing
            return client.get(there)
        [state] = parse_qs(urlsplit(there).query)["state"]
        back = {"state": state, "code": "a-code"}
        return client.get(reverse("identity_return", args=[self.key]), back, follow=True)


class ProConnect(_SignIn):
    key = "proconnect"


class FranceConnect(_SignIn):
    key = "franceconnect"


class Grants(Row):
    key, said = "demarches", {"": "l’état affiché est le dernier connu"}

    def begin(self):
        self.mayor = holder(commune=CommuneFactory())
        project = ProjectFactory(holder_organization=self.mayor.organization)
        made = grants.dossier(project)
        self.page = reverse("connectors:grant_dossier", args=[made.key])
        self.check = reverse("connectors:grant_check", args=[made.key])

    def signed_in(self, client):
        sign_in(client, self.mayor.user, self.mayor.membership)

    def at(self, url):
        self.settings.DEMARCHES_URL = url

    def use(self, client):
        return client.post(self.check, follow=True)


class Grist(Row):
    key = "grist"
    said = {
        "": "Grist ne répond pas, ou pas comme prévu",
        "401": "Grist refuse la clé",
        "429?after=60": "Grist demande d’attendre",
    }

    def begin(self):
        self.keeper = ddt(CommuneFactory())
        address = Address("http://grist.example", "doc")
        self.mirror = mirrors.prepare("Suivi", address, "owner", actor=self.keeper)
        self.page = reverse("mirrors:mirror", args=[self.mirror.key])

    def signed_in(self, client):
        sign_in(client, self.keeper.user, self.keeper.membership)

    def at(self, url):
        self.settings.GRIST_HOSTS = [url.removeprefix("http://")]
        Mirror.objects.update(server=url)

    def use(self, client):
        return client.post(reverse("mirrors:test", args=[self.mirror.key]), follow=True)


class Calendar(Row):
    key, on_click = "ics", False
    said = {
        "": "Le serveur de cet agenda ne répond pas",
        "html": "n’est pas un agenda lisible",
        "truncated": "n’est pas un agenda lisible",
        "401": "Le serveur refuse l’accès",
    }

    def begin(self):
        self.calendar = followed()
        self.page = reverse("calendars:show", args=[self.calendar.key])

    def signed_in(self, client):
        actor = manager_of(self.calendar.place)
        sign_in(client, actor.user, actor.membership)

    def at(self, url):
        self.monkeypatch.setattr(reading, "address_of", lambda _: f"{url}/a.ics")

    def use(self, client):
        client.post(reverse("calendars:read_now", args=[self.calendar.key]))
        reading.read(self.calendar.pk)
        return client.get(self.page)


class Webhooks(Row):
    """Whoever receives says what they like, as long as they take it."""

    key, on_click, days = (
        "webhooks",
        False,
        ("down", "slow?seconds=30", "401", "429?after=60", "500"),
    )
    said = {"": "Les derniers envois ont échoué"}

    def begin(self):
        self.actor = administrator()
        self.endpoint, _ = endpoint_of(self.actor)
        self.page = reverse("api:webhook", args=[self.endpoint.key])

    def signed_in(self, client):
        sign_in(client, self.actor.user, self.actor.membership)

    def at(self, url):
        WebhookEndpoint.objects.update(url=url, failing_since=None)

    def use(self, client):
        deliver(webhooks.ping(self.endpoint, actor=self.actor).pk)
        return client.get(self.page)


class _Round(Row):
    on_click = False

    def opened(self, round_):
        self.round = round_
        owner = round_.agreement.owner
        self.member = MembershipFactory(organization=owner, role=MembershipRole.ADMINISTRATOR)
        self.page = reverse("agreements:show", args=[round_.agreement.number])

    def signed_in(self, client):
        sign_in(client, self.member.user, self.member)

    def use(self, client):
        with suppress(timestamps.TimestampUnavailable, ProviderDown, ProviderRefused):
            self.advance()
        return client.get(self.page)


class TimeStamping(_Round):
    key, said = "timestamping", {"": "Le service d’horodatage ne répond pas"}

    def begin(self):
        self.opened(rounds.open_round())
        rounds.consented(rounds.signatory(self.round))

    def at(self, url):
        self.settings.TSA = {**self.settings.TSA, "url": url}

    def advance(self):
        # A signature asks from a thread of its own (tests/documents_pdf): here, the asking alone.
        stamped = lambda *_, **__: timestamps.stamp(bytes(32))  # noqa: E731
        self.monkeypatch.setattr("preau.documents.sealing.sign", stamped)
        advancing.advance(self.round.pk)


class Yousign(_Round):
    key, said = "yousign", {"": "Le service de signature ne répond pas"}

    def begin(self):
        self.opened(rounds.open_round(provider=ProviderName.YOUSIGN))
        given = {"provider": "yousign", "api_key": "a-key", "webhook_secret": "a-secret"}
        signing_settings.choose_provider(self.round.agreement.owner, actor=SYSTEM, **given)

    def at(self, url):
        self.settings.YOUSIGN_URL = url

    def advance(self):
        advance_round(round_id=self.round.pk)


ROWS = [
    *(Search, Locate, Fill, Aids, PayFiP, Nuki, TTLock, Igloohome, Zigbee, ProConnect),
    *(FranceConnect, Grants, Grist, Calendar, Webhooks, TimeStamping, Yousign),
]
