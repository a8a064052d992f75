"""The inventory: filled in, photographed, signed by both, then for good."""

import threading
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from preau.accounts.enums import MembershipRole
from preau.booking.actions.requests import cancel
from preau.booking.enums import Side
from preau.core.errors import Refusal
from preau.desk.actions import inventories
from preau.desk.enums import Moment, Signer
from preau.desk.inventories import GENERAL, digest
from preau.desk.models import Inventory, InventoryPhoto
from preau.desk.tasks import keep_inventory
from preau.documents import store
from preau.documents.models import Document
from preau.places.enums import Equipment
from preau.places.models import SpaceEquipment
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.booking.factories import people
from tests.desk.factories import inventory, signed
from tests.documents.pictures import picture
from tests.places.factories import PlaceRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    found = people(name="Salle Olympe-de-Gouges")
    SpaceEquipment.objects.create(space=found.space, kind=Equipment.CHAIRS, quantity=80)
    return found


@pytest.fixture
def caretaker(client, here):
    return sign_in(client, PlaceRoleFactory(place=here.space.place).user)


def sheet_url(one, moment=Moment.ARRIVAL):
    return reverse("desk:inventory", args=[one.occupancy_id, moment])


def url(name, thing):
    return reverse(f"desk:{name}", args=[thing.pk])


def text(response):
    return response.content.decode()


def typed(found, **changed):
    data = {"remarks": "Il manque du papier."}
    for number, item in enumerate(found.items):
        data |= {f"etat{number}": item["state"], f"note{number}": ""}
    return data | changed


def consent(side, found, **changed):
    data = {"name": "Camille Martin", "agrees": "on", "seen": digest(found), "side": side}
    return {f"{side.value}-{key}": value for key, value in (data | changed).items() if value}


def test_a_caretaker_makes_it_with_the_occupant_on_one_telephone(caretaker, here):
    one = here.book(confirmed=True)
    assert "Commencer l’état des lieux" in text(caretaker.get(sheet_url(one)))
    page = text(caretaker.post(sheet_url(one), follow=True))
    found = Inventory.objects.get()
    assert [item["label"] for item in found.items] == [*GENERAL, "Chaises"]
    assert "Chaises (80)" in page
    chairs = len(GENERAL)
    again = caretaker.post(sheet_url(one), typed(found, **{f"etat{chairs}": "abime"}))
    assert "Dites en quelques mots" in text(again)
    assert "Il manque du papier." in text(again)
    damaged = typed(found, **{f"etat{chairs}": "abime", f"note{chairs}": "Deux pieds cassés"})
    page = text(caretaker.post(sheet_url(one), damaged, follow=True))
    assert "Abîmé ou cassé : Deux pieds cassés" in page
    photo = picture()
    add = url("inventory_add_photo", found)
    page = text(caretaker.post(add, {"file": photo, "caption": "Les chaises"}, follow=True))
    assert "Les chaises" in page
    found.refresh_from_db()
    caretaker.post(url("inventory_sign", found), consent(Signer.OCCUPANT, found))
    page = text(
        caretaker.post(url("inventory_sign", found), consent(Signer.HOST, found), follow=True)
    )
    assert "Les deux parties ont signé" in page
    found.refresh_from_db()
    assert found.is_closed
    assert found.sha256 == digest(found)
    assert len(found.damage) == 1


def test_nothing_is_begun_by_looking(caretaker, here):
    one = here.book(confirmed=True)
    caretaker.get(sheet_url(one))
    assert not Inventory.objects.exists()


def test_consent_and_a_name_are_asked(caretaker, here):
    found = inventory(here, here.book(confirmed=True))
    sign = url("inventory_sign", found)
    page = text(caretaker.post(sign, consent(Signer.OCCUPANT, found, agrees="", name="")))
    assert "Écrivez vos prénom et nom." in page
    assert "Cochez cette case" in page
    found.refresh_from_db()
    assert not found.is_frozen


def test_what_changed_after_being_read_is_not_signed(caretaker, here):
    found = inventory(here, here.book(confirmed=True))
    read = consent(Signer.OCCUPANT, found)
    inventories.write(found, found.items, "Une vitre fendue", actor=here.manager)
    page = text(caretaker.post(url("inventory_sign", found), read, follow=True))
    assert "a changé depuis" in page
    found.refresh_from_db()
    assert not found.is_frozen


def test_the_first_signature_freezes_and_may_be_withdrawn_until_the_second(here):
    found = signed(inventory(here, here.book(confirmed=True)), here, Signer.OCCUPANT)
    with pytest.raises(Refusal, match="a déjà signé"):
        inventories.write(found, found.items, "Autre chose", actor=here.manager)
    found = inventories.reopen(found, actor=here.manager)
    assert (found.sha256, found.occupant_name) == ("", "")
    found = signed(found, here)
    with pytest.raises(Refusal, match="ne change plus"):
        inventories.reopen(found, actor=here.manager)


@pytest.mark.parametrize(
    "change",
    [
        {"remarks": "Ajouté après coup"},
        {"items": []},
        {"occupant_name": "Quelqu’un d’autre"},
        {"sha256": "", "host_signed_at": None, "host_name": ""},
    ],
)
def test_the_database_keeps_what_both_have_signed(here, change):
    found = signed(inventory(here, here.book(confirmed=True)), here)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inventory.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inventory.objects.filter(pk=found.pk).delete()


def test_the_database_keeps_contents_and_pictures_once_one_has_signed(here):
    found = inventory(here, here.book(confirmed=True))
    photo = inventories.add_photo(found, picture(), "Une chaise", actor=here.manager)
    signed(found, here, Signer.HOST)
    rows, pictures = Inventory.objects.filter(pk=found.pk), InventoryPhoto.objects.all()
    for act in (
        lambda: rows.update(remarks="Autre chose"),
        lambda: pictures.update(caption="Autre chose"),
        pictures.delete,
        lambda: InventoryPhoto.objects.create(
            inventory=found, file=photo.file, thumbnail=photo.thumbnail, caption="De plus"
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_cancelled_booking_and_an_own_use_have_none(here):
    one = here.book(confirmed=True)
    cancel(one, "Travaux", side=Side.MANAGER, actor=here.manager)
    with pytest.raises(Refusal, match="annulée"):
        inventories.begin(one.occupancy, Moment.ARRIVAL, actor=here.manager)


def test_who_makes_it_and_who_reads_it(client, here):
    one = here.book(confirmed=True)
    found = inventory(here, one)
    photo = inventories.add_photo(found, picture(), "Une chaise", actor=here.manager)
    sign_in(client, here.occupant.user)
    assert client.get(sheet_url(one)).status_code == 403
    page = client.get(url("inventory_read", found))
    assert page.status_code == 200
    assert "Signer pour" not in text(page)
    assert client.get(url("photo", photo)).headers["content-type"] == "image/webp"
    assert client.post(url("inventory_sign", found)).status_code == 403
    sign_in(client, UserFactory())
    assert client.get(url("inventory_read", found)).status_code == 403
    assert client.get(url("photo", photo)).status_code == 403
    member = MembershipFactory(organization=here.space.place.owner, role=MembershipRole.MEMBER)
    sign_in(client, member.user, member)
    assert client.get(sheet_url(one)).status_code == 403


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_people_sign_at_the_same_moment(here):
    """Both signatures stand, under one fingerprint; a third on the same side changes nothing."""
    found = inventory(here, here.book(confirmed=True))
    seen, barrier, refused = digest(found), threading.Barrier(3), []

    def act(side, name):
        barrier.wait()
        try:
            inventories.sign(found, side, name, seen=seen, actor=here.manager)
        except Refusal as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    acts = [(Signer.HOST, "Paul"), (Signer.OCCUPANT, "Camille"), (Signer.HOST, "Autre")]
    threads = [threading.Thread(target=act, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.refresh_from_db()
    assert not refused
    assert found.is_closed
    assert found.sha256 == seen
    assert found.occupant_name == "Camille"


def test_the_paper_goes_to_the_vault_once(here, client):
    """Both sides may read it; running the task again makes no second one."""
    found = inventory(here, here.book(confirmed=True))
    item = found.items[0] | {"state": "abime", "remark": "Vitre <fendue> $x$ #y"}
    found = inventories.write(found, [item, *found.items[1:]], "", actor=here.manager)
    keep_inventory(found.pk)
    assert not Document.objects.exists()  # not signed: nothing to keep
    found = signed(found, here)
    keep_inventory(found.pk)
    keep_inventory(found.pk)
    document = Document.objects.get()
    found.refresh_from_db()
    assert found.document == document
    assert document.owner_organization == here.space.place.owner
    keys = set(document.readers.values_list("key", flat=True))
    assert keys == {f"place:{here.space.place_id}", f"user:{here.occupant.user_id}"}
    words = "".join(
        page.extract_text() for page in PdfReader(BytesIO(store.read(document.file))).pages
    )
    assert "Vitre <fendue> $x$ #y" in words
    assert "Camille Martin" in words
    assert found.sha256 in words.replace("\n", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Inventory.objects.filter(pk=found.pk).update(document=None)


def test_signing_by_both_asks_for_the_paper(here):
    found = signed(inventory(here, here.book(confirmed=True)), here, Signer.HOST)
    jobs = ProcrastinateJob.objects.filter(task_name="preau.desk.tasks.keep_inventory")
    assert not jobs.exists()
    signed(found, here, Signer.OCCUPANT)
    assert [job.args for job in jobs] == [{"inventory_id": found.pk}]
