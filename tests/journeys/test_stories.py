"""A story told with a photo: published, signalled, taken off, corrected, put back, on its pages."""

import re

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.initiatives.enums.stories import StoryState
from preau.initiatives.models import Signal, Story, StoryPhoto
from preau.notifications.models import Notification
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.documents.pictures import picture
from tests.initiatives.campaign_factories import holder_of, project
from tests.journeys.steps import follow, look, press, reads, silent, tick
from tests.mediation.factories import sheet_of
from tests.places.factories import PlaceFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
TITLE = "Un composteur qui a fait école"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "kept"


@pytest.fixture
def photo(tmp_path):
    taken = tmp_path / "cour.jpg"
    taken.write_bytes(picture().read())
    return taken


def tell(author):
    """From the page that the story is about; half-written is not published."""
    follow(author, "Écrire un récit")
    press(author, "Enregistrer")  # without a title
    assert not Story.objects.exists()
    author.fill("Titre", TITLE)
    author.page.locator("#id_figure_1").fill("120 kg")
    author.page.locator("#id_words_1").fill("de déchets compostés")
    press(author, "Enregistrer")
    assert reads(author, "Avant de publier, il manque")
    assert not author.page.get_by_role("button", name="Publier le récit").count()
    follow(author, "Modifier")
    author.fill("En une phrase", "Cent foyers compostent au pied de leurs immeubles.")
    author.fill("Le récit", "Tout a commencé par un kit.\n\nPuis Madame Petit a donné la clé.")
    author.fill("Signé par", "Le collectif des Prés")
    press(author, "Enregistrer")
    return Story.objects.get()


def add(author, photo):
    follow(author, "Ajouter une photo")
    author.page.locator("#id_file").set_input_files(photo)
    author.fill("Description de la photo", "La cour et ses trois bacs")
    press(author, "Ajouter la photo")  # nothing is said of the people on it
    assert not StoryPhoto.objects.exists()
    author.page.locator("#id_file").set_input_files(photo)
    tick(author, "Personne n’est reconnaissable sur cette photo")
    press(author, "Ajouter la photo")


def shown(visitor):
    """Whether the picture has arrived, not only its place in the page."""
    image = visitor.page.get_by_role("img", name="La cour et ses trois bacs").first
    address = image.get_attribute("src")
    answer = visitor.page.request.get(visitor.origin + address)
    return answer.ok and answer.headers["content-type"] == "image/webp"


def read_as_a_passer_by(passer_by, story):
    passer_by.go(reverse("initiatives:story_list"))
    look(passer_by)
    follow(passer_by, TITLE)
    assert shown(passer_by)
    assert reads(passer_by, "120 kg")
    assert reads(passer_by, "Tout a commencé par un kit.")
    assert not passer_by.page.get_by_role("link", name="Gérer ce récit").count()


def signal(passer_by):
    follow(passer_by, "Signaler ce récit")
    press(passer_by, "Signaler")  # nothing is chosen
    assert not Signal.objects.exists()
    tick(passer_by, "Cela parle d’une personne, ou la montre, sans son accord")
    passer_by.fill("Précisez, si vous le pouvez", "Madame Petit, c’est moi.")
    press(passer_by, "Signaler")
    assert reads(passer_by, "Le récit va être relu.")


def take_off(operator, story):
    operator.go(reverse("initiatives:story_mine"))
    look(operator)
    follow(operator, TITLE)
    assert reads(operator, "Madame Petit, c’est moi.")
    follow(operator, "Retirer ce récit du site")
    press(operator, "Retirer le récit")  # without a reason
    story.refresh_from_db()
    assert story.state == StoryState.PUBLISHED
    operator.fill("Pourquoi", "Une personne est nommée sans son accord.")
    press(operator, "Retirer le récit")
    story.refresh_from_db()
    assert story.state == StoryState.WITHDRAWN


def correct(author, story):
    author.go(reverse("initiatives:story_mine"))
    look(author)
    follow(author, TITLE)
    assert reads(author, "Une personne est nommée sans son accord.")
    press(author, "Reprendre le récit")
    follow(author, "Modifier")
    author.fill("Le récit", "Tout a commencé par un kit.\n\nPuis une voisine a donné la clé.")
    press(author, "Enregistrer")
    press(author, "Demander à l’opérateur de le publier")
    story.refresh_from_db()
    assert story.state == StoryState.DRAFT


def put_back(operator, story):
    operator.go(reverse("initiatives:story_manage", args=[story.key]))
    look(operator)
    assert reads(operator, "Puis une voisine a donné la clé.")
    press(operator, "Il est corrigé : publier le récit")
    story.refresh_from_db()
    assert (story.state, story.withdrawal_reason) == (StoryState.PUBLISHED, "")


@SCRIPTS
def test_a_project_tells_and_the_operator_watches(open_visitor, photo, javascript):
    of = project(name="Composteurs des Prés")
    holder = holder_of(of)
    author, passer_by, operator = (open_visitor(javascript=javascript) for _ in range(3))
    author.sign_in(holder.user, holder.membership)
    operator.sign_in(UserFactory(operator=True))

    author.go(reverse("projects:sheet", args=[of.key]))
    look(author)
    story = tell(author)
    add(author, photo)
    press(author, "Publier le récit")
    address = reverse("initiatives:story_show", args=[story.key])
    read_as_a_passer_by(passer_by, story)
    assert silent(passer_by, "Composteurs des Prés")  # the sheet is nobody else's
    signal(passer_by)

    take_off(operator, story)
    passer_by.expected.add(404)
    passer_by.go(address)
    assert silent(passer_by, TITLE)
    picture_url = reverse("initiatives:story_photo", args=[story.photos.get().pk])
    assert passer_by.page.request.get(passer_by.origin + picture_url).status == 404
    passer_by.expected.clear()
    correct(author, story)
    put_back(operator, story)

    assert Notification.objects.filter(user=holder.user, title__contains="de nouveau").exists()
    passer_by.go(address)
    look(passer_by)
    assert reads(passer_by, "Puis une voisine a donné la clé.")
    assert silent(passer_by, "Madame Petit")
    assert not story.signals.filter(closed_at=None).exists()
    author.go(reverse("projects:sheet", args=[of.key]))
    look(author)
    assert author.page.get_by_role("link", name=TITLE).first.is_visible()
    for one in (author, passer_by, operator):
        one.check()


@SCRIPTS
def test_a_place_tells_on_its_own_page(open_visitor, photo, javascript):
    town = OrganizationFactory(verified=True, town=True)
    place = PlaceFactory(owner=town, name="Maison des Prés")
    sheet = sheet_of(place)
    clerk = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    author, passer_by = (open_visitor(javascript=javascript) for _ in range(2))
    author.sign_in(clerk.user, clerk)
    author.go(reverse("directory:sheet", args=[sheet.slug]))
    look(author)
    story = tell(author)
    add(author, photo)
    pages = (f"/lieux/{place.slug}/", reverse("directory:sheet", args=[sheet.slug]))
    for page in pages:
        passer_by.go(page)
        assert silent(passer_by, TITLE)  # a draft is its authors' only
    press(author, "Publier le récit")
    story.refresh_from_db()
    assert (story.state, story.sheet) == (StoryState.PUBLISHED, sheet)
    for page in pages:
        passer_by.go(page)
        look(passer_by)
        follow(passer_by, TITLE)
        assert re.search(rf"/recits/{story.key}/$", passer_by.page.url)
        assert shown(passer_by)
    for one in (author, passer_by):
        one.check()
