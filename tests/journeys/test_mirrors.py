"""A DDT opens a Grist mirror, loses Grist in the middle of a batch, goes on, settles a conflict,
closes it."""

import pytest
from django.urls import reverse

from preau.mirrors.models import Mirror
from preau.mirrors.sources import SOURCES
from preau.mirrors.syncing import sending
from preau.projects.actions.triage import prioritise
from preau.projects.models import Project
from tests.integrations.misbehaving import running
from tests.journeys.steps import look, press, reads, tick
from tests.mirrors.factories import ddt, person, there, work
from tests.mirrors.interrupting import spoil_body
from tests.projects.factories import ProjectFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def grist(settings):
    with running("fakes.grist") as url:
        settings.GRIST_HOSTS = [url.removeprefix("http://")]
        yield url


@pytest.fixture
def agent(db):
    first = ProjectFactory(name="Halle couverte")
    for number in range(9):
        ProjectFactory(name=f"Projet {number}", lead_commune=first.lead_commune)
    return ddt(first.lead_commune)


def fill_document(visitor, url, key):
    visitor.fill("Nom du miroir", "Suivi de l’Isère")
    visitor.fill("Adresse du document Grist", f"{url}/doc/doc")
    visitor.fill("Clé d’API Grist", key)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_mirror_goes_on_after_an_interruption(
    open_visitor, grist, agent, monkeypatch, javascript
):
    monkeypatch.setattr(sending, "ROWS", 4)
    visitor = open_visitor(javascript=javascript)
    visitor.sign_in(agent.user, agent.membership)
    visitor.go(reverse("mirrors:list"))
    look(visitor)
    visitor.press("Ouvrir un miroir", role="link")
    visitor.press("Essayer la clé et continuer")
    assert visitor.page.locator("#erreurs").is_visible()
    fill_document(visitor, grist, "owner")
    press(visitor, "Essayer la clé et continuer")
    assert reads(visitor, "Grist a accepté la clé")
    (group,) = SOURCES["projets"].opened(["priorite"])
    tick(visitor, f"{group.label}. {group.hint}")
    press(visitor, "Continuer")
    assert reads(visitor, "10 lignes")
    press(visitor, "Démarrer")
    assert reads(visitor, "Synchronisation en cours")
    mirror = Mirror.objects.get()
    spoil_body(monkeypatch, grist, "cut", at=2)
    assert work(mirror).state == "attente"
    visitor.go(reverse("mirrors:mirror", args=[mirror.key]))
    look(visitor)
    assert reads(visitor, "rien n’est perdu")
    assert work(mirror).state == "fait"
    assert len({one.fields["preau_id"] for one in there(grist)}) == len(there(grist)) == 10
    settle(visitor, mirror, grist, agent)
    close(visitor, mirror, grist)


def settle(visitor, mirror, grist, agent):
    halle = Project.objects.get(name="Halle couverte")
    (row,) = (one for one in there(grist) if one.fields["nom"] == halle.name)
    person(grist, row.id, priorite="Basse", motif_priorite="Peut attendre")
    prioritise(halle, "haute", reason="Toit en péril", actor=agent)
    visitor.go(reverse("mirrors:mirror", args=[mirror.key]))
    press(visitor, "Synchroniser maintenant")
    work(mirror)
    visitor.go(reverse("mirrors:mirror", args=[mirror.key]))
    look(visitor)
    assert reads(visitor, "Modifié des deux côtés")
    press(visitor, "Garder la valeur de Préau")
    work(mirror)
    (row,) = (one for one in there(grist) if one.fields["nom"] == halle.name)
    assert row.fields["priorite"] == "Haute"


def close(visitor, mirror, grist):
    visitor.go(reverse("mirrors:close", args=[mirror.key]))
    look(visitor)
    tick(visitor, "Les retirer de Grist")
    press(visitor, "Fermer le miroir")
    work(mirror)
    visitor.go(reverse("mirrors:mirror", args=[mirror.key]))
    assert reads(visitor, "Ce miroir est fermé")
    assert there(grist) == []
