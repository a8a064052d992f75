"""The journal only grows; whoever changes it is seen, and where."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.documents import journal, store, timestamps
from preau.documents.integrity import faults
from preau.documents.models import JournalAnchor, JournalEntry, JournalPrivate
from tests.concurrency.race import race
from tests.documents.factories import by_hand

CHAIN = "agreement:12"
WRITERS, ROUNDS = 8, 25


def write(count, chain=CHAIN):
    return [journal.append(chain, "step", {"number": number}) for number in range(count)]


@pytest.mark.django_db
class TestChain:
    def test_each_line_holds_the_digest_of_the_one_before(self):
        first, second = write(2)
        assert (first.seq, first.prev) == (1, journal.ORIGIN)
        assert (second.seq, second.prev) == (2, first.hash)
        assert journal.head(CHAIN) == second
        assert journal.verify(CHAIN) is None

    def test_the_digest_can_be_worked_out_by_anyone(self):
        (entry,) = write(1)
        at, zeros = entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "0" * 64
        text = (
            f'{{"at":"{at}","chain":"agreement:12","data":{{"number":0}},"kind":"step",'
            f'"prev":"{zeros}","private":"","seq":1}}'
        )
        assert entry.hash == hashlib.sha256(text.encode()).hexdigest()

    def test_chains_do_not_mix(self):
        write(2)
        other = journal.append("vault:user:5", "step", {})
        assert other.seq == 1
        assert journal.chains() == [CHAIN, "vault:user:5"]

    def test_texts_and_lists_come_back_as_they_were(self):
        data = {"words": ["é", "\u2028", "x" * 3000], "deep": {"b": 1, "a": None}, "big": 2**60}
        journal.append(CHAIN, "step", data)
        assert journal.verify(CHAIN) is None

    def test_a_fraction_is_refused(self):
        with pytest.raises(TypeError, match="fraction"):
            journal.append(CHAIN, "step", {"price": 1.5})

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE documents_journalentry SET kind = 'other'",
            "DELETE FROM documents_journalentry",
            "TRUNCATE documents_journalentry CASCADE",
            "INSERT INTO documents_journalentry (chain, seq, at, kind, data, private_hash, prev,"
            " hash) VALUES ('agreement:12', 3, now(), 'x', '{}', '', repeat('0', 64), repeat('1', 64))",
        ],
        ids=["update", "delete", "truncate", "unlinked"],
    )
    def test_the_database_lets_it_only_grow(self, sql):
        write(2)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE documents_journalentry ENABLE TRIGGER journal_no_truncate")
        with (
            pytest.raises(DatabaseError, match=r"only appended|does not follow"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
        assert JournalEntry.objects.count() == 2


@pytest.mark.django_db
class TestTampering:
    """A superuser's hand, triggers off: located."""

    @pytest.mark.parametrize(
        "change",
        [
            "data = '{\"number\": 7}'",
            "kind = 'other'",
            "at = at + interval '1 microsecond'",
            "prev = repeat('a', 64)",
            "hash = repeat('a', 64)",
            "private_hash = repeat('a', 64)",
        ],
    )
    def test_one_changed_line_of_two_hundred_is_found(self, change):
        write(200)
        by_hand(f"UPDATE documents_journalentry SET {change} WHERE seq = 137")
        assert journal.verify(CHAIN) == 137

    def test_a_removed_line_is_found(self):
        write(20)
        by_hand("DELETE FROM documents_journalentry WHERE seq = 7")
        assert journal.verify(CHAIN) == 7

    def test_a_line_moved_to_another_chain_is_found(self):
        write(3)
        by_hand("UPDATE documents_journalentry SET chain = 'agreement:13' WHERE seq = 3")
        assert journal.verify("agreement:13") == 1

    def test_the_command_says_which(self, capsys):
        write(3)
        call_command("verify_journal", chain=CHAIN)
        assert "whole" in capsys.readouterr().out
        by_hand("UPDATE documents_journalentry SET kind = 'other' WHERE seq = 2")
        with pytest.raises(CommandError, match="1 fault"):
            call_command("verify_journal", chain=CHAIN)
        assert "agreement:12 is broken at line 2." in capsys.readouterr().err


@pytest.mark.django_db
class TestPrivate:
    def test_the_chain_holds_a_salted_digest_and_outlives_the_data(self):
        entry = journal.append(CHAIN, "opened", {}, private={"ip": "192.0.2.1"})
        assert "192.0.2.1" not in json.dumps(entry.data) + entry.private_hash
        assert entry.private_hash != hashlib.sha256(b'{"ip":"192.0.2.1"}').hexdigest()
        write(2)
        assert journal.verify(CHAIN) is None
        journal.forget(entry)
        assert not JournalPrivate.objects.exists()
        assert journal.verify(CHAIN) is None

    def test_the_same_data_twice_gives_two_digests(self):
        entries = [journal.append(CHAIN, "opened", {}, private={"ip": "::1"}) for _ in range(2)]
        assert entries[0].private_hash != entries[1].private_hash

    def test_changed_private_data_are_found(self):
        write(2)
        journal.append(CHAIN, "opened", {}, private={"ip": "192.0.2.1"})
        JournalPrivate.objects.update(data={"ip": "192.0.2.9"})
        assert journal.verify(CHAIN) == 3

    def test_names_of_readers_go_after_a_year(self):
        now = clock.now()
        old = now - timedelta(days=366)
        journal.append(CHAIN, journal.READING, {}, at=old, private={"user": 1})
        journal.append(CHAIN, journal.READING, {}, at=now, private={"user": 2})
        journal.append(CHAIN, "signed", {}, at=old, private={"ip": "::1"})
        assert journal.forget_readings() == 1
        assert [one.data for one in JournalPrivate.objects.order_by("pk")] == [
            {"user": 2},
            {"ip": "::1"},
        ]
        assert journal.verify(CHAIN) is None


@pytest.fixture
def authority(monkeypatch):
    """A time-stamp authority of ours: what it was asked, and whether it answers."""

    class Authority:
        asked = 0
        silent = False

        def stamp(self, digest):
            if self.silent:
                raise timestamps.TimestampUnavailable("silent")
            self.asked += 1
            return b"token of " + digest

        def check(self, token, digest, moment=None):
            if token != b"token of " + digest:
                raise ValueError("another digest")
            return clock.now()

    one = Authority()
    monkeypatch.setattr(timestamps, "stamp", one.stamp)
    monkeypatch.setattr(timestamps, "check", one.check)
    return one


@pytest.mark.django_db
class TestAnchors:
    def test_one_token_a_night_for_the_heads_that_moved(self, authority):
        write(3)
        write(1, "vault:user:5")
        assert journal.anchor_all() == 2
        assert authority.asked == 1
        assert journal.anchor_all() == 0
        write(1)
        assert journal.anchor_all() == 1
        rows = JournalAnchor.objects.order_by("pk").values_list("chain", "seq")
        assert list(rows) == [(CHAIN, 3), ("vault:user:5", 1), (CHAIN, 4)]
        assert faults() == []

    def test_a_silent_authority_writes_nothing_and_is_asked_again(self, authority):
        write(1)
        authority.silent = True
        with pytest.raises(Exception, match="silent"):
            journal.anchor_all()
        assert not JournalAnchor.objects.exists()
        authority.silent = False
        assert journal.anchor_all() == 1

    def test_lines_cut_from_the_end_are_found(self, authority):
        write(5)
        journal.anchor_all()
        by_hand("DELETE FROM documents_journalentry WHERE seq > 3")
        assert journal.verify(CHAIN) == 4

    def test_a_chain_written_anew_is_found(self, authority):
        write(5)
        journal.anchor_all()
        by_hand("DELETE FROM documents_journalentry")
        for number in range(5):
            journal.append(CHAIN, "step", {"number": number * 2})
        assert journal.verify(CHAIN) == 5

    def test_false_anchors_are_found(self, authority):
        write(2)
        journal.anchor_all()
        by_hand("DELETE FROM documents_journalentry")
        forged = write(2)[1]
        by_hand(
            "UPDATE documents_journalanchor SET hash = %s",
            forged.hash,
            table="documents_journalanchor",
        )
        assert journal.verify(CHAIN) is None  # the row was made to agree…
        assert any("is not the one stamped" in fault for fault in faults())  # …not the manifest

    def test_a_false_token_is_found(self, authority):
        write(1)
        journal.anchor_all()
        other = store.put(b"token of another", "application/timestamp-reply", actor=SYSTEM)
        by_hand(
            "UPDATE documents_journalanchor SET token_id = %s",
            other.pk,
            table="documents_journalanchor",
        )
        assert any("does not stamp its manifest" in fault for fault in faults())


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_eight_connections_write_one_unbroken_chain():
    def writer(number):
        return lambda round_: journal.append(CHAIN, "step", {"writer": number, "round": round_})

    outcomes = race([writer(number) for number in range(WRITERS)], rounds=ROUNDS)
    assert [error for outcome in outcomes for error in outcome.errors] == []
    assert JournalEntry.objects.count() == WRITERS * ROUNDS
    assert journal.verify(CHAIN) is None


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_is_lost(monkeypatch):
    """The test above sees what the lock prevents: refused lines."""
    monkeypatch.setattr(journal, "_hold", lambda chain: None)

    def writer(number):
        return lambda round_: journal.append(CHAIN, "step", {"writer": number, "round": round_})

    outcomes = race([writer(number) for number in range(WRITERS)], rounds=5)
    assert [error for outcome in outcomes for error in outcome.errors]
    assert journal.verify(CHAIN) is None  # the database still refused a fork


@pytest.mark.django_db
def test_the_real_authority_of_trials_stamps_and_is_believed():
    write(2)
    assert journal.anchor_all() == 1
    assert faults() == []
