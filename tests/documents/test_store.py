"""The store keeps bytes once, whole, and notices when they change."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from preau.accounts.actors import SYSTEM
from preau.documents import store
from preau.documents.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def on_disk(file):
    return Path(default_storage.path(store.path_of(file.sha256)))


def test_what_is_put_is_read_back():
    file = store.put(b"convention", "application/pdf", actor=SYSTEM)
    assert store.read(file) == b"convention"
    assert (file.size, file.media_type) == (10, "application/pdf")


def test_the_same_bytes_are_kept_once(files):
    first = store.put(b"plan", "image/webp", actor=SYSTEM)
    again = store.put(b"plan", "image/webp", actor=SYSTEM)
    assert first == again
    assert StoredFile.objects.count() == 1
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1


def test_one_changed_byte_is_noticed():
    file = store.put(b"plan", "image/webp", actor=SYSTEM)
    on_disk(file).write_bytes(b"plaN")
    with pytest.raises(store.CorruptFile, match="does not match"):
        store.read(file)


def test_a_lost_file_is_noticed():
    file = store.put(b"plan", "image/webp", actor=SYSTEM)
    on_disk(file).unlink()
    with pytest.raises(store.CorruptFile, match="missing"):
        store.read(file)


def test_giving_the_bytes_again_mends_a_damaged_copy():
    file = store.put(b"plan", "image/webp", actor=SYSTEM)
    on_disk(file).write_bytes(b"plaN")
    store.put(b"plan", "image/webp", actor=SYSTEM)
    assert store.read(file) == b"plan"


def test_a_write_cut_short_leaves_nothing(files, monkeypatch):
    def cut(_descriptor):
        raise OSError("no space left")

    monkeypatch.setattr("preau.documents.storage.os.fsync", cut)
    with pytest.raises(OSError, match="no space"):
        store.put(b"plan", "image/webp", actor=SYSTEM)
    assert not [path for path in files.rglob("*") if path.is_file()]
    assert not StoredFile.objects.exists()
