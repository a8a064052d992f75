"""Bytes leave with the last thing that names them; never before."""

import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models, transaction

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.documents import garbage, images, queries, store
from preau.documents.models import Document, StoredFile
from preau.places.models import Photo
from tests.accounts.factories import OrganizationFactory, UserFactory
from tests.concurrency.race import race
from tests.documents.factories import document
from tests.documents.pictures import picture


def old(file=None):
    """As if given long ago."""
    StoredFile.objects.update(given_at=clock.now() - timedelta(days=1))
    return file


def on_disk(file):
    return default_storage.exists(store.path_of(file.sha256))


@pytest.mark.django_db
class TestCollection:
    def test_what_nothing_names_goes(self):
        file = old(store.put(b"plan", "image/webp", actor=SYSTEM))
        assert garbage.collect() == 1
        assert not StoredFile.objects.exists()
        assert not on_disk(file)

    def test_what_was_just_given_waits(self):
        store.put(b"plan", "image/webp", actor=SYSTEM)
        assert garbage.collect() == 0

    def test_giving_again_is_just_given(self):
        old(store.put(b"plan", "image/webp", actor=SYSTEM))
        store.put(b"plan", "image/webp", actor=SYSTEM)
        assert garbage.collect() == 0

    def test_one_object_serves_two_owners_and_leaves_with_the_last(self):
        first = document(owner_user=UserFactory())
        second = document(owner_organization=OrganizationFactory())
        assert first.file == second.file
        old()
        first.delete()
        assert garbage.collect() == 0
        assert on_disk(second.file)
        second.delete()
        assert garbage.collect() == 1
        assert not on_disk(second.file)

    def test_a_locked_file_stays_even_unnamed(self):
        one = store.put(b"deed", "application/pdf", actor=SYSTEM, locked_until=queries.today())
        old()
        assert garbage.collect() == 0
        with (
            pytest.raises(DatabaseError, match="is locked"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM documents_storedfile WHERE id = %s", [one.pk])

    def test_bytes_whose_deposit_never_finished_are_swept(self, files):
        kept = store.put(b"plan", "image/webp", actor=SYSTEM)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            store.put(b"never finished", "image/webp", actor=SYSTEM)
            raise ZeroDivisionError
        half = files / "ab" / "cd" / ".abcd.half"
        half.parent.mkdir(parents=True)
        half.write_bytes(b"h")
        assert len(list(default_storage.kept())) == 3
        assert garbage.sweep() == 0  # it may still be under way
        with clock.frozen(clock.now() + timedelta(days=2)):
            assert garbage.sweep() == 2
        assert [name for name, _ in default_storage.kept()] == [store.path_of(kept.sha256)]

    def test_every_foreign_key_of_every_room_counts(self):
        """Found in the models: a room that names files has nothing to declare."""
        named = set(garbage.references())
        expected = {
            (model, field.attname)
            for model in _all_models()
            for field in model._meta.local_fields
            if isinstance(field, models.ForeignKey) and field.related_model is StoredFile
        }
        assert named == expected
        assert (Photo, "thumbnail_id") in named  # a hidden relation ("+")
        assert (Document, "file_id") in named

    def test_files_named_through_a_hidden_relation_stay(self):
        from tests.places.factories import PlaceFactory

        kept = images.keep(picture(), actor=SYSTEM)
        photo = Photo.objects.create(
            place=PlaceFactory(), file=kept.full, thumbnail=kept.thumbnail, alternative_text="Cour"
        )
        old()
        assert garbage.collect() == 0
        photo.delete()
        assert garbage.collect() == 2


def _all_models():
    from django.apps import apps

    return apps.get_models(include_auto_created=True)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestRaces:
    ROUNDS = 40

    def play(self, monkeypatch=None):
        """Each round: one collects what is old and unnamed, two deposit the same bytes anew."""
        for number in range(self.ROUNDS):
            store.put(b"bytes %d" % number, "application/pdf", actor=SYSTEM)
        old()
        owners = [OrganizationFactory(), OrganizationFactory()]

        def depositor(owner):
            def deposit(number):
                with transaction.atomic():
                    file = store.put(b"bytes %d" % number, "application/pdf", actor=SYSTEM)
                    Document.objects.create(
                        kind="autre", title="x", file=file, owner_organization=owner
                    )

            return deposit

        def collector(number):
            return garbage.collect()

        outcomes = race([collector, *map(depositor, owners)], rounds=self.ROUNDS)
        errors = [error for outcome in outcomes for error in outcome.errors]
        lost = [one.pk for one in Document.objects.select_related("file") if not on_disk(one.file)]
        return errors, lost

    def test_a_deposit_of_the_same_bytes_never_loses_them(self):
        errors, lost = self.play()
        assert errors == []
        assert lost == []
        assert Document.objects.count() == 2 * self.ROUNDS

    def test_a_deposit_under_way_keeps_the_collection_off(self):
        """Deterministic: the bytes are found, the row is not yet written, someone collects."""
        file = old(store.put(b"plan", "image/webp", actor=SYSTEM))
        found, go_on = threading.Event(), threading.Event()
        collected = []

        def collect():
            try:
                found.wait(20)
                collected.append(garbage.collect())
            finally:
                go_on.set()
                connection.close()

        other = threading.Thread(target=collect)
        other.start()
        held = store._holds

        def slow(name, sha256):
            answer = held(name, sha256)
            found.set()
            go_on.wait(20)
            return answer

        store._holds = slow
        try:
            again = store.put(b"plan", "image/webp", actor=SYSTEM)
        finally:
            store._holds = held
        other.join()
        assert collected == [0]
        assert again == file
        assert on_disk(again)

    def test_without_the_lock_the_bytes_are_lost(self, monkeypatch):
        """The test above sees what the lock prevents."""
        monkeypatch.setattr(store, "_share", lambda sha256: None)
        with pytest.raises(AssertionError):
            self.test_a_deposit_under_way_keeps_the_collection_off()
