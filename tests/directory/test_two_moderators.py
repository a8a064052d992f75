"""Two people decide of one signal at the same moment: one does, the other is told."""

import threading

import pytest
from django.db import connection

from preau.accounts.actors import ANONYMOUS, SYSTEM
from preau.core.errors import Refusal
from preau.directory.actions.signalling import Said, accept_signal, refuse_signal, send_signal
from preau.directory.enums import SignalKind
from preau.directory.models import Sheet
from preau.notifications.models import Email
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_signal_is_decided_once():
    commune = CommuneFactory()
    fields = {"name": "Repair café", "kind": "repair_cafe"}
    said = Said(SignalKind.MISSING, commune, proposed=fields, email="voisin@example.org")
    signal = send_signal(said, actor=ANONYMOUS)
    gate, answers = threading.Barrier(4), []

    def decide(act):
        try:
            gate.wait(10)
            act()
            answers.append("done")
        except Refusal as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    def accept():
        accept_signal(signal, actor=SYSTEM, fields=fields | {"commune": commune})

    def refuse():
        refuse_signal(signal, "Non.", actor=SYSTEM)

    people = [threading.Thread(target=decide, args=[act]) for act in (accept, refuse) * 2]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(answers) == ["done", "state", "state", "state"]
    assert Sheet.objects.count() in {0, 1}
    assert Email.objects.filter(recipient="voisin@example.org").count() == 1
