"""Studies and scenarios: who may, what is kept, what the pages say."""

import csv
import html
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.models import CallForInitiatives
from preau.siting import running, wording
from preau.siting.actions import gaps, scenarios, studies
from preau.siting.actions.studies import StudyFacts
from preau.siting.enums import ProofState, RunKind, RunState, ScenarioState, Visibility
from preau.siting.models import Scenario, ScenarioRun, SitingStudy
from preau.siting.outcome import outcome_of
from preau.siting.perms import may_read
from preau.territories.areas import area
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.siting.factories import ScenarioFactory, StudyFactory, computed, manager, row_of_communes

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Deux lieux", "places": "2", "measure": "km", "radius_km": "15", "factor": "1,3",
    "counts_existing": "on", "existing_profile": "mediation", "weekday_share": "100",
    "evening_share": "0", "saturday_share": "0", "opens_weekday": "on", "critical_mass": "0",
}  # fmt: skip


def actor(membership):
    return Actor(user=membership.user, membership=membership)


def signed_in(membership):
    return sign_in(Client(), membership.user, membership)


def typed(**changes):
    return TYPED | changes


def test_a_study_is_opened_and_answered_in_two_pages():
    row_of_communes()
    client = signed_in(manager())
    form = {"title": "Accès aux droits", "area": "departement:09", "profile": "mediation"}
    page = client.post(reverse("siting:add"), form)
    study = SitingStudy.objects.get()
    assert page.url == reverse("siting:scenario_add", args=[study.key])
    page = client.post(page.url, typed(radius_km="15"))
    scenario = Scenario.objects.get()
    assert page.url == reverse("siting:scenario", args=[scenario.key])
    shown = client.get(page.url).content.decode()
    # 3 600 inhabitants; villages 7 (with 6 and 8) and 4 (with 3 and 5): 2 100 + 1 200.
    assert scenario.total == 3600 and scenario.covered == 3300
    assert wording.headline(scenario) in shown.replace("&nbsp;", "\u00a0")
    assert "91,7\u00a0%" in wording.headline(scenario)
    assert scenario.bound >= scenario.covered
    assert [one.code for one in outcome_of(scenario).chosen] == ["09007", "09004"]
    assert set(outcome_of(scenario).uncovered) == {"09001", "09002"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"radius_km": ""}, "radius_km"),
        ({"measure": "minutes"}, "minutes"),
        ({"evening_share": "10"}, "weekday_share"),
        ({"opens_weekday": ""}, "opens_weekday"),
        ({"forced": "Nulle-Part"}, "forced"),
        ({"forced": "Village 1", "excluded": "09001"}, "excluded"),
        ({"places": "1", "forced": "09001\n09002"}, "forced"),
        ({"places": "0"}, "places"),
    ],
)
def test_what_does_not_hold_together_is_said_on_its_field(change, field):
    study = StudyFactory()
    client = signed_in(manager(study.organization))
    page = client.post(reverse("siting:scenario_add", args=[study.key]), typed(**change))
    assert page.status_code == 200 and field in page.context["form"].errors
    assert not Scenario.objects.exists()


def test_a_name_is_given_once_in_a_study():
    first = computed(name="Deux lieux")
    client = signed_in(manager(first.study.organization))
    page = client.post(reverse("siting:scenario_add", args=[first.study.key]), TYPED)
    assert "name" in page.context["form"].errors


def test_the_database_refuses_what_no_page_would_write():
    study = StudyFactory()
    for wrong in (
        {"places": 0},
        {"radius_km": None},
        {"weekday_share": 90},
        {"opens_weekday": False},
        {"state": ScenarioState.READY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ScenarioFactory(study=study, **wrong)


def test_only_those_who_keep_studies_write():
    row_of_communes()
    facts = StudyFacts("Titre", area("departement:09"), "mediation")
    town = OrganizationFactory(verified=True, town=True)
    for nobody in (
        MembershipFactory(organization=town, role="membre"),
        MembershipFactory(organization=OrganizationFactory(town=True)),  # not verified
        MembershipFactory(),  # an association
    ):
        with pytest.raises(Forbidden):
            studies.open_study(facts, actor=actor(nobody))
    with pytest.raises(Forbidden):
        studies.open_study(facts, actor=Actor(user=UserFactory()))
    study = studies.open_study(facts, actor=actor(manager(town)))
    with pytest.raises(Forbidden):
        scenarios.add(ScenarioFactory.build(study=study), actor=actor(manager()))


def test_who_reads_a_study_follows_its_visibility():
    study = computed().study
    own = MembershipFactory(organization=study.organization, role="membre")
    elsewhere, association = manager(), MembershipFactory()
    expected = {
        Visibility.OWN: (True, False, False, False),
        Visibility.SHARED: (True, True, False, False),
        Visibility.PUBLIC: (True, True, True, True),
    }
    for visibility, readers in expected.items():
        study.visibility = visibility
        study.save()
        people = (actor(own), actor(elsewhere), actor(association), Actor())
        assert tuple(may_read(one, study) for one in people) == readers
        page = signed_in(elsewhere).get(reverse("siting:study", args=[study.key]))
        assert page.status_code == (200 if readers[1] else 403)
        for name in ("scenario", "csv", "pdf", "points"):
            address = reverse(f"siting:{name}", args=[study.scenarios.get().key])
            assert Client().get(address).status_code == (200 if readers[3] else 302)


def test_whoever_is_sent_a_shared_study_is_told_with_whom_it_is():
    study = computed(study__visibility="partagee").study
    url = reverse("siting:study", args=[study.key])
    stranger = Client()
    login = stranger.get(url, follow=True).content.decode()
    assert "partagée avec les agents" in login
    association = MembershipFactory()
    client = signed_in(association)
    refused = client.get(url).content.decode()
    assert "partagée avec les agents" in refused and "Agir pour cette structure" not in refused
    agent = MembershipFactory(user=association.user, organization=manager().organization)
    refused = client.get(url).content.decode()
    assert refused.count("Agir pour cette structure") == 1
    assert str(agent.organization) in refused
    study.visibility = Visibility.OWN
    study.save()
    assert "n’est pas partagée avec vous" in client.get(url).content.decode()


def test_an_empty_study_is_shown_to_nobody():
    study = StudyFactory()
    with pytest.raises(Refusal):
        studies.show_to(study, Visibility.PUBLIC, actor=actor(manager(study.organization)))


def test_an_archived_study_takes_no_scenario_and_leaves_the_lists():
    study = computed(study__visibility="publique").study
    keeper = actor(manager(study.organization))
    studies.archive(study, actor=keeper)
    study.refresh_from_db()
    assert study.visibility == Visibility.OWN
    with pytest.raises(Refusal, match="archivée"):
        scenarios.add(ScenarioFactory.build(study=study), actor=keeper)
    studies.restore(study, actor=keeper)
    scenarios.add(ScenarioFactory.build(study=study), actor=keeper)


def test_an_archived_study_is_neither_shown_nor_proved():
    scenario = computed()
    study = scenario.study
    member = actor(manager(study.organization))
    stale = SitingStudy.objects.get(pk=study.pk)
    studies.archive(study, actor=member)
    for verb in (
        lambda: studies.show_to(stale, Visibility.PUBLIC, actor=member),
        lambda: scenarios.prove(scenario, actor=member),
        lambda: studies.edit_study(
            stale, StudyFacts("Autre", area(study.area_key), "mediation"), actor=member
        ),
    ):
        with pytest.raises(Refusal, match="archivée"):
            verb()
    study.refresh_from_db()
    assert study.visibility == Visibility.OWN
    assert not scenario.runs.exists()


def test_a_study_sent_twice_is_one():
    where = row_of_communes()[0].departement_id
    client = signed_in(manager())
    said = {
        "title": "Accès aux droits", "area": f"departement:{where}", "profile": "mediation",
        "csrfmiddlewaretoken": "of one page",
    }  # fmt: skip
    first, second = (client.post(reverse("siting:add"), said) for _ in range(2))
    assert first.url == second.url
    assert SitingStudy.objects.count() == 1


def test_existing_places_are_those_of_the_study_unless_said_otherwise():
    study = StudyFactory(profile="travail")
    client = signed_in(manager(study.organization))
    page = client.get(reverse("siting:scenario_add", args=[study.key])).content.decode()
    assert '<option value="travail" selected' in page
    assert wording.ONE_POINT not in html.unescape(page)
    for profile, words in (("travail", "Travail et entrepreneuriat"), ("", "tous profils")):
        scenario = computed(study=study, existing_profile=profile)
        shown = client.get(reverse("siting:scenario", args=[scenario.key])).content.decode()
        assert f"comptés, {words}" in html.unescape(shown).replace("compté,", "comptés,")


def test_a_study_of_one_commune_says_what_it_cannot():
    study = StudyFactory()
    commune = row_of_communes()[0]
    SitingStudy.objects.filter(pk=study.pk).update(area_key=f"commune:{commune.pk}")
    scenario = computed(study=SitingStudy.objects.get(pk=study.pk), places=1)
    client = signed_in(manager(study.organization))
    for page in (
        reverse("siting:scenario_add", args=[study.key]),
        reverse("siting:scenario", args=[scenario.key]),
    ):
        assert wording.ONE_POINT in html.unescape(client.get(page).content.decode())
    report = client.get(reverse("siting:pdf", args=[scenario.key]))
    words = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(report.content)).pages)
    assert "compte comme un point" in " ".join(words.split())


def test_the_list_costs_the_same_whatever_it_holds(django_assert_max_num_queries):
    one = manager()
    for _ in range(3):
        computed(study__organization=one.organization)
    client = signed_in(one)
    client.get(reverse("siting:list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("siting:list"))


def test_scenarios_stand_side_by_side():
    first = computed(name="Deux")
    second = computed(study=first.study, name="Trois", places=3)
    client = signed_in(manager(first.study.organization))
    page = client.get(reverse("siting:compare", args=[first.study.key])).content.decode()
    assert "Deux" in page and "Trois" in page and "91,7" in page
    assert "Choisies dans tous ces scénarios" in page
    alone = client.get(reverse("siting:compare", args=[first.study.key]), {"s": str(second.key)})
    assert [one.pk for one in alone.context["scenarios"]] == [second.pk]


def test_forced_and_excluded_communes_are_respected():
    scenario = computed(forced=["09001"], excluded=["09007"], places=2)
    chosen = [(one.code, one.is_forced) for one in outcome_of(scenario).chosen]
    assert chosen[0] == ("09001", True) and "09007" not in dict(chosen)


def test_the_table_holds_every_commune_and_no_formula():
    scenario = computed()
    scenario.study.visibility = "publique"
    scenario.study.save()
    answer = Client().get(reverse("siting:csv", args=[scenario.key]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Code INSEE"] for row in rows] == ["09007", "09004", "09002", "09001"]
    assert rows[0]["Habitants gagnés"] == "2100"


def test_the_report_is_a_pdf_with_the_headline():
    scenario = computed(study__visibility="publique")
    answer = Client().get(reverse("siting:pdf", args=[scenario.key]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")


# --- Proof in the background


def asked_to_prove(scenario):
    run = scenarios.prove(scenario, actor=actor(manager(scenario.study.organization)))
    return ScenarioRun.objects.select_related("scenario__study", "asked_by").get(pk=run.pk)


def test_proving_ends_with_the_best_choice_and_a_notice():
    scenario = computed()
    Scenario.objects.filter(pk=scenario.pk).update(proof=ProofState.BOUND, bound=3400)
    run = asked_to_prove(scenario)
    running.work(run)
    scenario.refresh_from_db()
    run.refresh_from_db()
    assert run.state == RunState.DONE and scenario.proof == ProofState.OPTIMAL
    assert scenario.covered == scenario.bound == 3300
    assert run.asked_by.notifications.count() == 1
    running.work(run)  # the task comes twice: once is enough
    assert run.asked_by.notifications.count() == 1
    with pytest.raises(Refusal):
        scenarios.prove(scenario, actor=actor(manager(scenario.study.organization)))


def test_stopping_keeps_the_best_found():
    scenario = computed()
    Scenario.objects.filter(pk=scenario.pk).update(proof=ProofState.BOUND, bound=3400)
    run = asked_to_prove(scenario)
    assert scenarios.stop(scenario, actor=actor(manager(scenario.study.organization)))
    run.refresh_from_db()
    running.work(run)
    scenario.refresh_from_db()
    run.refresh_from_db()
    assert run.state in {RunState.STOPPED, RunState.DONE}
    assert scenario.is_ready and scenario.covered == 3300


def test_two_proofs_do_not_run_together():
    scenario = computed()
    Scenario.objects.filter(pk=scenario.pk).update(proof=ProofState.BOUND, bound=3400)
    first = asked_to_prove(scenario)
    assert asked_to_prove(scenario).pk == first.pk
    with pytest.raises(IntegrityError):
        ScenarioRun.objects.create(scenario=scenario, kind=RunKind.PROVE)


def test_a_run_whose_worker_died_can_be_asked_again():
    scenario = ScenarioFactory()
    run = ScenarioRun.objects.create(scenario=scenario, kind=RunKind.COMPUTE)
    run.state, run.told_at = RunState.RUNNING, run.asked_at
    run.save()
    assert scenarios.give_up_silent() == 0
    with clock.frozen(clock.now() + timedelta(minutes=40)):
        assert scenarios.give_up_silent() == 1
    scenario.refresh_from_db()
    assert scenario.state == ScenarioState.FAILED
    keeper = actor(manager(scenario.study.organization))
    again = scenarios.compute_again(scenario, actor=keeper)
    running.work(ScenarioRun.objects.select_related("scenario__study").get(pk=again.pk))
    scenario.refresh_from_db()
    assert scenario.is_ready and scenario.covered == 3300


def test_a_large_territory_is_a_workers(monkeypatch):
    monkeypatch.setattr("preau.siting.computing.AT_ONCE", 3)
    study = StudyFactory()
    one = manager(study.organization)
    scenario = scenarios.add(ScenarioFactory.build(study=study), actor=actor(one))
    assert scenario.state == ScenarioState.WAITING
    run = scenario.runs.get()
    page = signed_in(one).get(reverse("siting:scenario", args=[scenario.key]))
    assert "Vous pouvez quitter cette page" in page.content.decode()
    running.work(run)
    scenario.refresh_from_db()
    assert scenario.is_ready and scenario.covered == 3300


# --- A gap becomes a call


def test_a_gap_becomes_the_draft_of_a_call():
    scenario = computed()
    one = manager(scenario.study.organization)
    page = signed_in(one).post(
        reverse("siting:make_call", args=[scenario.key]), {"commune": "09002"}
    )
    call = CallForInitiatives.objects.get()
    assert page.url == reverse("initiatives:call_manage", args=[call.key])
    assert call.area_key == "commune:09002" and call.organization == scenario.study.organization
    assert "300\u00a0habitants" in call.brief and "Village 1" in call.brief
    assert scenario.study.title in call.because
    assert "Village 1" in call.because and "09002" not in call.because


def test_a_served_commune_is_no_gap():
    scenario = computed()
    keeper = actor(manager(scenario.study.organization))
    with pytest.raises(Refusal, match="desservie"):
        gaps.call_for(scenario, "09007", actor=keeper)
    with pytest.raises(Forbidden):
        gaps.call_for(scenario, "09002", actor=actor(manager()))


def test_the_neighbours_left_out_are_counted():
    names = [f"V{number}" for number in range(14)]
    assert gaps.named(names[:12]).endswith(", V11")
    assert gaps.named(names[:13]).endswith(", V11 et 1\u00a0autre")
    assert gaps.named(names).endswith(", V11 et 2\u00a0autres")
