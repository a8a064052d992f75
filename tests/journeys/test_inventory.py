"""The caretaker's inventory on a telephone, with and without JavaScript; a file brought in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from preau.booking.actions.callers import Caller, book_for_caller
from preau.core import clock
from preau.desk.actions import imports
from preau.desk.models import Inventory
from preau.places.enums import Equipment, PlaceRoleKind, UserCategory
from preau.places.models import SpaceEquipment
from tests.booking.factories import details, evening, people
from tests.documents.pictures import picture
from tests.places.factories import PlaceFactory, PlaceRoleFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    found = people(place=PlaceFactory(name="Espace des Tilleuls"), name="Salle Olympe-de-Gouges")
    SpaceEquipment.objects.create(space=found.space, kind=Equipment.CHAIRS, quantity=80)
    return found


@pytest.fixture(params=["visitor", "plain_visitor"])
def anyone(request):
    return request.getfixturevalue(request.param)


def test_both_sign_on_one_telephone(anyone, here):
    one = here.book(days=1, confirmed=True)
    caretaker = PlaceRoleFactory(place=here.space.place).user
    anyone.page.set_viewport_size({"width": 320, "height": 640})
    anyone.sign_in(caretaker)
    day = one.period.start.astimezone(here.space.place.zone).date()
    anyone.go(reverse("desk:day", args=[here.space.place_id]) + f"?jour={day}")
    anyone.assert_accessible()
    anyone.screenshot("journee")
    anyone.press("État des lieux, arrivée", role="link", exact=False)
    anyone.press("Commencer l’état des lieux")
    group = anyone.page.get_by_role("group", name="Chaises (80)")
    group.get_by_label("État").select_option("abime")
    group.get_by_label("Précision").fill("Deux pieds cassés")
    anyone.assert_accessible()
    anyone.screenshot("constat")
    anyone.press("Enregistrer et relire")
    anyone.page.get_by_text("Deux pieds cassés").wait_for()
    upload = picture()
    file = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": upload.read()}
    anyone.page.locator("#id_file").set_input_files(file)
    anyone.fill("Ce qu’elle montre", "Les deux chaises")
    anyone.press("Ajouter la photo")
    anyone.page.get_by_role("img", name="Les deux chaises").wait_for()
    for side, name in (("occupant", "Camille Martin"), ("accueil", "Paul Garde")):
        anyone.page.locator(f"#id_{side}-name").fill(name)
        anyone.page.locator(f"#id_{side}-agrees").check(force=True)
        anyone.screenshot(f"signature-{side}")
        where = "l’occupant" if side == "occupant" else "le lieu"
        anyone.press(f"Signer pour {where}")
        anyone.page.get_by_text(f"Signé par {name}").wait_for()
    anyone.assert_accessible()
    assert Inventory.objects.get().is_closed


def test_the_clerk_s_pages_are_accessible_wide_and_narrow(visitor, here):
    place = here.space.place
    caller = Caller("Germaine Petit", "0476111111", UserCategory.RESIDENT, "3 rue du Puits, Lans")
    period = evening(here.space, days=12)
    one = book_for_caller(here.space, period, details(), caller, actor=here.manager)
    here.book(days=5)
    day = clock.today(place.zone) + timedelta(days=20)
    lines = [f"Olympe;{day:%d/%m/%Y};18h;20h;Judo;Camille", f"Piscine;{day:%d/%m/%Y};8h;9h;Eau;Ali"]
    taken = period.start.astimezone(place.zone).date()
    lines += [f"Salle Olympe-de-Gouges;{taken:%d/%m/%Y};18h;20h;Danse;Zoé"]
    lines += [f"Salle Olympe-de-Gouges;{day:%d/%m/%Y};18h;20h;Judo;Camille"]
    content = "\r\n".join(["Espace;Jour;Début;Fin;Objet;Nom", *lines]).encode()
    batch = imports.read_file(
        SimpleUploadedFile("agenda.csv", content), place, None, actor=here.manager
    )
    visitor.sign_in(PlaceRoleFactory(place=place, role=PlaceRoleKind.OWNER).user)
    for name, address in {
        "gerer": reverse("desk:today"),
        "planning": reverse("desk:planning", args=[place.pk]),
        "pour": reverse("desk:book_for", args=[place.pk]),
        "confirmation": reverse("desk:confirmation", args=[one.reference]),
        "exports": reverse("desk:exports"),
        "import": reverse("desk:import", args=[place.pk]),
        "import-lu": reverse("desk:import_batch", args=[batch.pk]),
        "reservation": reverse("booking:page", args=[one.reference]),
    }.items():
        visitor.go(address)
        visitor.assert_accessible()
        visitor.screenshot(name)
    visitor.go(reverse("desk:import_batch", args=[batch.pk]))
    visitor.press("Importer maintenant")
    visitor.page.get_by_text("L’import est terminé.").wait_for()
    visitor.assert_accessible()
