"""The public page « Vérifier un document »."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from preau.documents.models import Document, StoredFile
from preau.documents.verification import LARGEST
from preau.documents.views.verify import InMemory

pytestmark = pytest.mark.django_db
URL = "/verifier/"


def sent(client, content, name="convention.pdf"):
    upload = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(URL, {"file": upload})


def test_anybody_finds_it_at_the_foot_of_the_page(client):
    assert reverse("documents:verify") == URL
    page = client.get(URL)
    assert page.status_code == 200
    assert f'<a href="{URL}">Vérifier un document</a>' in page.content.decode()


def test_it_says_who_when_and_how_sure(client, sealed):
    page = sent(client, sealed).content.decode()
    for piece in (
        "Ce document est authentique",
        "Mme Hélène Œuvrard, maire",
        "M. Ayoub N’Diaye, président",
        "Cachet du service",
        "signature électronique simple",
        "Essai, sans valeur",
        "heure de Paris",
    ):
        assert piece in page, piece


def test_it_says_what_was_altered(client, sealed):
    changed = bytearray(sealed)
    changed[5_000] ^= 1
    page = sent(client, bytes(changed)).content.decode()
    assert "a été modifié après sa signature" in page
    assert "Signature rompue" in page
    assert "signature électronique simple" not in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello", "Ce fichier n’est pas un PDF"),
        (b"%PDF-1.7 hello", "Ce fichier est abîmé"),
        (b"", "Ce fichier est vide"),
        (b"%PDF-1.7" + bytes(LARGEST), "Ce fichier est trop gros"),
    ],
)
def test_it_answers_any_file(client, content, sentence):
    assert sentence in sent(client, content).content.decode()


def test_without_a_file_it_says_what_to_do(client):
    assert "Choisissez le fichier PDF à vérifier" in client.post(URL, {}).content.decode()


def test_nothing_is_kept_nor_written(client, sealed, monkeypatch):
    def never(*args, **kwargs):
        raise AssertionError("A file was written.")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", never)
    sent(client, sealed + bytes(3_000_000))  # past what Django keeps in memory by itself
    assert not StoredFile.objects.exists()
    assert not Document.objects.exists()


def test_past_the_limit_nothing_is_held(rf):
    handler = InMemory(rf.post(URL))
    handler.new_file("file", "a.pdf", "application/pdf", None)
    for _ in range(5):
        handler.receive_data_chunk(bytes(LARGEST // 2), 0)
    file = handler.file_complete(5 * (LARGEST // 2))
    assert file.size == 5 * (LARGEST // 2)
    assert len(file.read()) <= LARGEST


def test_it_is_not_for_robots(client):
    for _ in range(40):
        client.post(URL, {})
    assert client.post(URL, {}).status_code == 429


def test_a_form_from_elsewhere_is_refused(sealed):
    assert sent(Client(enforce_csrf_checks=True), sealed).status_code == 403
