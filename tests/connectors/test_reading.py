"""Dossiers read with a démarche's own token: what changed, what was dropped, a run cut short."""

from datetime import timedelta

import pytest

from preau.connectors.actions import dossiers, procedures, reading
from preau.connectors.actions.dossiers import Wanted
from preau.connectors.procedures.states import DossierState
from preau.core import clock
from preau.core.errors import Refusal
from preau.integrations.demarches import graphql
from preau.integrations.http import Unauthorized, Unavailable
from preau.notifications.models import Notification
from preau.outside.models import ServiceState
from preau.projects.enums import ProjectState
from tests.connectors.conftest import START
from tests.projects.factories import ProjectFactory

D = DossierState
pytestmark = pytest.mark.django_db


@pytest.fixture
def keyed(detr, operator):
    procedures.set_token(detr, "token", actor=operator)
    return detr


@pytest.fixture
def sent(keyed, project, mayor):
    return dossiers.ask(project, keyed, Wanted(120_000_00), actor=mayor)


def test_the_token_is_sealed(keyed):
    assert "token" not in keyed.sealed_token


def test_states_come_back_with_their_reason(demarches, keyed, sent):
    demarches(f"/_file/{sent.number}")
    for state in ("en_instruction", "refuse"):
        demarches(f"/_agent/{sent.number}/{state}")
    assert reading.read_all() == 1
    sent.refresh_from_db()
    assert sent.state == D.REFUSE
    assert reading.read_all() == 0


def test_drafts_are_unseen_and_nothing_is_lost(demarches, keyed, sent):
    demarches(f"/_claim/{sent.number}")
    assert reading.read_all() == 0
    sent.refresh_from_db()
    assert sent.state == D.PREFILLED


def test_what_was_kept_whole_is_said(demarches, keyed, sent):
    demarches(f"/_file/{sent.number}")
    reading.read_all()
    sent.refresh_from_db()
    assert sent.compared_at is not None
    assert sent.dropped == []
    assert not Notification.objects.filter(title__contains="pas été reprises").exists()


def test_a_dropped_value_is_named(demarches, keyed, project, mayor):
    project.lead_commune.postcodes = ["01999"]  # no commune of that postcode over there
    project.lead_commune.save()
    sent = dossiers.ask(project, keyed, Wanted(120_000_00), actor=mayor)
    assert sent.state == D.PREFILLED  # 201 all the same
    demarches(f"/_file/{sent.number}")
    reading.read_all()
    sent.refresh_from_db()
    assert sent.dropped == ["Commune d’implantation"]
    told = Notification.objects.filter(user=mayor.user, title__contains="pas été reprises")
    assert told.count() == 1
    reading.read_all()
    assert told.count() == 1


def test_a_run_cut_short_goes_on_where_it_was(demarches, keyed, mayor, monkeypatch):
    monkeypatch.setattr(dossiers, "AT_ONCE", 1000)
    made = []
    for _ in range(5):
        project = ProjectFactory(
            state=ProjectState.ACCOMPANIED,
            holder_organization=mayor.organization,
            lead_commune=mayor.organization.commune,
        )
        made.append(dossiers.ask(project, keyed, Wanted(1_000_00), actor=mayor))
        demarches(f"/_file/{made[-1].number}")
    real, seen = graphql.dossiers, []

    def page(server, number, **more):
        if len(seen) == 1:
            seen.append("cut")
            raise Unavailable("cut")
        found = real(server, number, first=2, **more)
        seen.extend([[one.number for one in found.dossiers]])
        return found

    monkeypatch.setattr(graphql, "dossiers", page)
    assert reading.read_all() == 0
    keyed.refresh_from_db()
    assert keyed.agent_after
    ServiceState.objects.update(paused_until=None)
    assert reading.read_all() == 3
    assert [one for one in seen if one != "cut"] == [
        [made[0].number, made[1].number], [made[2].number, made[3].number], [made[4].number]
    ]  # fmt: skip
    keyed.refresh_from_db()
    assert (keyed.agent_after, keyed.agent_started) == ("", None)
    assert keyed.agent_since == START - reading.OVERLAP


def test_what_is_not_understood_is_named_in_the_log_and_passed(keyed, monkeypatch, caplog):
    page = graphql.Page((), None, strange=("12", "?"))
    monkeypatch.setattr(graphql, "dossiers", lambda *asked, **more: page)
    reading.read(keyed)
    assert f"procedure {keyed.pk}: dossiers not understood, left aside: 12, ?" in caplog.messages
    keyed.refresh_from_db()
    assert keyed.agent_since is not None  # the next pass begins after it


def test_only_what_changed_is_read_again(demarches, keyed, sent, monkeypatch):
    demarches(f"/_file/{sent.number}")
    reading.read_all()
    real, asked = graphql.dossiers, []
    monkeypatch.setattr(
        graphql, "dossiers", lambda *args, **more: asked.append(more) or real(*args, **more)
    )
    with clock.frozen(START + timedelta(hours=1)):
        reading.read_all()
    assert asked[0]["since"] == START - reading.OVERLAP


def test_a_refused_token_pauses_itself_alone(demarches, keyed, sent, operator):
    procedures.set_token(keyed, "other", actor=operator)
    assert reading.read_all() == 0
    states = {one.account: one.paused_until for one in ServiceState.objects.all()}
    assert states["jeton 201"] is not None
    assert states[""] is None


def test_errors_of_graphql_with_http_200(demarches, keyed, sent, operator):
    procedures.set_token(keyed, "other", actor=operator)
    with pytest.raises(Unauthorized):
        reading.read(keyed)


def test_without_token_nothing_is_read(demarches, detr):
    assert reading.read_all() == 0
    assert reading.read(detr) == 0


def test_a_token_is_the_operator_s(detr, mayor):
    with pytest.raises(Refusal):
        procedures.set_token(detr, "token", actor=mayor)
