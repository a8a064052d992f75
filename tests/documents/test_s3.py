"""The store in an S3 server of ours (moto), in this process."""

import socket
from contextlib import closing
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.documents import garbage, queries, store
from preau.documents.checks import store_is_usable
from preau.documents.models import StoredFile
from preau.documents.s3 import ObjectStorage
from tests.documents.factories import document

pytestmark = pytest.mark.django_db
OPTIONS = {"region": "us-east-1", "access_key": "essai", "secret_key": "essai"}


@pytest.fixture(scope="module")
def endpoint():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


def _bucket(endpoint, name, *, lock):
    storage = ObjectStorage(bucket=name, endpoint=endpoint, **OPTIONS)
    storage.client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)
    return storage


@pytest.fixture
def s3(endpoint, settings, request):
    name = f"coffre-{abs(hash(request.node.name)) % 10**9}"
    storage = _bucket(endpoint, name, lock=True)
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "preau.documents.s3.ObjectStorage",
            "OPTIONS": {"bucket": name, "endpoint": endpoint, **OPTIONS},
        }
    }
    yield storage
    boto3.DEFAULT_SESSION = None
    storage.client.close()


def versions(storage):
    found = storage.client.list_object_versions(Bucket=storage.bucket)
    return found.get("Versions", []) + found.get("DeleteMarkers", [])


def test_what_is_put_is_read_back_and_kept_once(s3):
    file = store.put(b"convention", "application/pdf", actor=SYSTEM)
    assert store.put(b"convention", "application/pdf", actor=SYSTEM) == file
    assert store.read(file) == b"convention"
    assert [one["Key"] for one in versions(s3)] == [store.path_of(file.sha256)]


def test_an_object_is_created_once(s3):
    s3.save("ab/cd/name", ContentFile(b"first"))
    s3.save("ab/cd/name", ContentFile(b"second"))
    assert s3.open("ab/cd/name").read() == b"first"
    assert len(versions(s3)) == 1


def test_another_object_under_the_name_is_noticed(s3):
    file = store.put(b"plan", "image/webp", actor=SYSTEM)
    s3.client.put_object(Bucket=s3.bucket, Key=store.path_of(file.sha256), Body=b"plaN")
    with pytest.raises(store.CorruptFile, match="does not match"):
        store.read(file)
    store.put(b"plan", "image/webp", actor=SYSTEM)
    assert store.read(file) == b"plan"


def test_a_lost_object_is_noticed(s3):
    file = store.put(b"plan", "image/webp", actor=SYSTEM)
    s3.delete(store.path_of(file.sha256))
    with pytest.raises(store.CorruptFile, match="missing"):
        store.read(file)


def test_a_locked_document_cannot_be_erased_by_anyone(s3):
    until = queries.today() + timedelta(days=30)
    one = document(locked_until=until)
    name = store.path_of(one.file.sha256)
    assert s3.locked_until(name).date() == until + timedelta(days=1)
    (version,) = versions(s3)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.client.delete_object(Bucket=s3.bucket, Key=name, VersionId=version["VersionId"])
    assert store.read(one.file)


def test_a_lock_grows_and_never_shrinks(s3):
    today = queries.today()
    first = document(locked_until=today + timedelta(days=30))
    name = store.path_of(first.file.sha256)
    for days, kept in [(10, 30), (60, 60)]:
        document(locked_until=today + timedelta(days=days))
        assert s3.locked_until(name).date() == today + timedelta(days=kept + 1)
        assert StoredFile.objects.get().locked_until == today + timedelta(days=kept)


def test_an_ordinary_file_is_not_locked_and_leaves_no_version(s3):
    file = store.put(b"plan", "image/webp", actor=SYSTEM)
    assert s3.locked_until(store.path_of(file.sha256)) is None
    StoredFile.objects.update(given_at=file.given_at - timedelta(days=1))
    assert garbage.collect() == 1
    assert versions(s3) == []


def test_what_lies_in_the_bucket_is_listed_and_swept(s3):
    kept = store.put(b"plan", "image/webp", actor=SYSTEM)
    s3.save("ab/cd/left", ContentFile(b"left"))
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert garbage.sweep() == 1
    assert [name for name, _ in s3.kept()] == [store.path_of(kept.sha256)]


def test_a_good_bucket_passes_the_check_and_keeps_nothing_of_it(s3):
    assert store_is_usable(None) == []
    assert versions(s3) == []


def test_a_bucket_without_lock_is_told(endpoint):
    plain = _bucket(endpoint, "sans-verrou", lock=False)
    (sentence,) = plain.shortcomings()
    assert "no object lock" in sentence
    plain.object_lock = False
    assert plain.shortcomings() == []
    plain.client.close()


def test_a_missing_bucket_stops_the_start(s3):
    s3.client.delete_bucket(Bucket=s3.bucket)
    (message,) = store_is_usable(None)
    assert message.id == "documents.E001"


def test_a_server_that_overwrites_is_told(s3, monkeypatch):
    put = s3.client.put_object
    monkeypatch.setattr(
        s3.client, "put_object", lambda IfNoneMatch=None, **given: put(**given), raising=True
    )
    assert "overwrites" in s3.shortcomings()[0]
