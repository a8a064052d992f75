"""Démarches read, mapped, offered; and what changes under one's feet."""

import time

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.connectors.actions import dossiers, procedures
from preau.connectors.actions.dossiers import Wanted
from preau.connectors.models import Procedure
from preau.connectors.procedures import queries, readymade, schema
from preau.connectors.procedures.remote import path_of
from preau.connectors.procedures.sources import SOURCES, Kind, plain
from preau.connectors.procedures.states import DossierState, Family, ProcedureState
from preau.core.errors import Forbidden, Refusal
from preau.integrations.demarches import graphql
from preau.integrations.demarches.champs import Champ
from preau.notifications.models import Notification
from preau.outside.models import ServiceState
from preau.projects.models import FundingRequest
from tests.accounts.factories import MembershipFactory, OrganizationFactory, sign_in
from tests.connectors.conftest import added
from tests.connectors.factories import procedure
from tests.projects.factories import actor_for, programme

pytestmark = pytest.mark.django_db


def by_label(one):
    return {
        champ.label: one.mapping[champ.id]["source"]
        for champ, _ in schema.every(schema.loaded(one.champs))
        if champ.id in one.mapping
    }


def test_detr_is_mapped_by_its_labels(detr):
    assert by_label(detr) == {
        "Numéro SIRET de la collectivité": "siret",
        "Nom de la collectivité": "holder",
        "Nom et prénom de la personne à contacter": "contact_name",
        "Adresse électronique": "contact_email",
        "Téléphone": "contact_phone",
        "Intitulé de l’opération": "name",
        "Description de l’opération": "description",
        "Commune d’implantation": "commune",
        "EPCI de rattachement": "epci",
        "Phase du projet": "phase",
        "Date de commencement des travaux": "starts_on",
        "Date de fin prévisionnelle": "ends_on",
        "Coût total H.T. de l’opération (en €)": "budget",
        "Montant de DETR / DSIL sollicité": "asked",
        "Nom du financeur": "each_funder",
        "Montant (€ HT)": "each_amount",
    }


@pytest.mark.parametrize(
    ("path", "family", "wanted"),
    [
        (
            "fonds-vert-2027",
            Family.FONDS_VERT,
            {
                "SIRET du porteur": "siret",
                "Titre du projet": "name",
                "Résumé du projet": "description",
                "Thématiques": "themes",
                "Budget total": "budget",
                "Aide Fonds vert sollicitée": "asked",
                "Bénéfices environnementaux attendus": "purpose",
            },
        ),
        (
            "fnadt-2027",
            Family.FNADT,
            {
                "SIRET": "siret",
                "Raison sociale": "holder",
                "Adresse postale": "address",
                "Objet de la demande": "name",
                "Contrat territorial de rattachement": "crte",
                "Coût prévisionnel": "budget",
                "Montant FNADT demandé": "asked",
            },
        ),
    ],
)
def test_the_other_two_as_well(demarches, operator, path, family, wanted):
    found = by_label(added(operator, path, family))
    assert wanted.items() <= found.items()


def test_labels_are_read_whatever_their_accents_and_case():
    assert plain("  Coût TOTAL (H.T.) de l’Œuvre ") == "cout total h t de l oeuvre"
    champs = [Champ("a", "Text", "INTITULE  DU PROJET :"), Champ("b", "Date", "Date de début ?")]
    assert readymade.proposed(Family.OTHER, champs) == {"a": "name", "b": "starts_on"}


def test_nothing_is_proposed_where_it_does_not_fit():
    champs = [
        Champ("a", "Date", "Intitulé du projet"),
        Champ("b", "Carte", "Commune"),
        Champ("c", "Text", "Autre chose"),
    ]
    assert readymade.proposed(Family.DETR_DSIL, champs) == {}


def test_each_source_has_a_champ_that_takes_it():
    every_type = [
        Champ(str(number), kind, kind)
        for number, kind in enumerate(("Text", "DecimalNumber", "Date", "Commune", "Siret"))
    ]
    inside = Champ("r", "Repetition", "Lignes", champs=tuple(every_type))
    for source in SOURCES.values():
        assert any(source.fits(one, inside if source.rows else None) for one in every_type)
        assert isinstance(source.kind, Kind)


@pytest.mark.parametrize(
    "typed",
    ["detr-2027", "https://demarche.numerique.gouv.fr/commencer/detr-2027?a=1", " /x/detr-2027/ "],
)
def test_an_address_or_its_end(typed):
    assert path_of(typed) == "detr-2027"


def test_a_number_is_enough_where_the_demarche_is_open_data(demarches, operator):
    made = procedures.add(" 201 ", Family.DETR_DSIL, actor=operator)
    assert (made.path, made.number) == ("detr-dsil-2027", 201)
    assert made.title == "Demande de subvention DETR-DSIL 2027"
    assert made.champs
    with pytest.raises(Refusal) as no:
        procedures.add("201", Family.DETR_DSIL, actor=operator)
    assert no.value.code == "there"


@pytest.mark.parametrize("number", ["102", "999"])
def test_a_number_that_asks_for_a_token_is_said_so_and_pauses_nothing(demarches, number):
    for _ in range(3):
        with pytest.raises(Refusal, match="n° " + number) as no:
            path_of(number)
        assert no.value.code == "number"
    assert not ServiceState.objects.filter(failures__gt=0).exists()
    assert path_of("101") == "detr-dsil"


def test_on_screen_the_number_stays_typed_with_what_to_do(demarches, operator, client):
    sign_in(client, operator.user)
    typed = {"path": "102", "family": Family.OTHER}
    answer = client.post(reverse("connectors:procedure_add"), typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="102"' in page
    assert "en données ouvertes" in page


@pytest.mark.parametrize(("mood", "code"), [("500", "down"), ("html", "down"), ("404", "number")])
def test_a_number_while_the_service_is_away(demarches, mood, code):
    demarches(f"/_mood/{mood}")
    with pytest.raises(Refusal) as no:
        path_of("201")
    assert no.value.code == code


@pytest.mark.parametrize("address", ["https://x.example/commencer/201", "", None, 3])
def test_an_address_that_is_none_is_not_followed(demarches, monkeypatch, address):
    said = {"demarcheDescriptor": {"demarcheUrl": address}}
    monkeypatch.setattr(graphql, "_ask", lambda *asked: said)
    with pytest.raises(Refusal) as no:
        path_of("201")
    assert no.value.code in {"path", "down"}


@pytest.mark.parametrize("typed", ["", "https://a.fr/", "deux mots", "../etc"])
def test_anything_else_is_refused(settings, typed):
    if typed == "../etc":  # its last part may be one: it is the service's to say
        assert path_of(typed) == "etc"
        return
    with pytest.raises(Refusal):
        path_of(typed)


@pytest.mark.parametrize(
    ("path", "mood", "code"),
    [
        ("nulle-part", "none", "missing"),
        ("fonds-vert", "none", "missing"),  # not open data
        ("fermee", "none", "missing"),
        ("detr-dsil", "500", "down"),
        ("detr-dsil", "html", "down"),
        ("detr-dsil", "429", "down"),
    ],
)
def test_why_it_cannot_be_read(demarches, operator, path, mood, code):
    demarches(f"/_mood/{mood}")
    with pytest.raises(Refusal) as no:
        procedures.add(path, Family.OTHER, actor=operator)
    assert (no.value.code, no.value.field) == (code, "path")
    assert not Procedure.objects.exists()


def test_once_each(detr, operator):
    with pytest.raises(Refusal) as no:
        procedures.add("detr-dsil-2027", Family.OTHER, actor=operator)
    assert no.value.code == "there"


def test_what_does_not_fit_is_not_confirmed(detr, operator):
    champs = {one.label: one.id for one, _ in schema.every(schema.loaded(detr.champs))}
    with pytest.raises(Refusal) as no:
        procedures.confirm(
            detr,
            {champs["Numéro SIRET de la collectivité"]: "budget"},
            seen_revision=detr.revision,
            actor=operator,
        )
    assert no.value.code == "fit"
    with pytest.raises(Refusal) as no:
        procedures.confirm(detr, {}, seen_revision="another", actor=operator)
    assert no.value.code == "moved"


def test_a_champ_gone_stops_the_offer_until_confirmed(demarches, detr, project, mayor, operator):
    assert [one.procedure for one in queries.offers(project)] == [detr]
    demarches("/_drop/201/2018")  # « Intitulé de l’opération »
    gone_or_not = procedures.refresh(detr)
    assert gone_or_not == ["Intitulé de l’opération"]
    assert queries.offers(project) == []
    with pytest.raises(Refusal):
        dossiers.ask(project, detr, Wanted(1_00), actor=mayor)
    assert Notification.objects.filter(user=operator.user, topic="connectors.procedures").exists()
    kept = {
        champ: said["source"]
        for champ, said in detr.mapping.items()
        if said["label"] != "Intitulé de l’opération"
    }
    procedures.confirm(detr, kept, seen_revision=detr.revision, actor=operator)
    assert [one.procedure for one in queries.offers(project)] == [detr]


def test_a_new_version_that_keeps_what_is_mapped_changes_nothing(demarches, detr):
    demarches("/_drop/201/2019999")
    assert procedures.refresh(detr) == []
    assert detr.is_offered


def test_at_night_a_closed_one_is_said(demarches, detr, operator):
    demarches("/_state/201/close")
    assert procedures.refresh_all() == 0
    detr.refresh_from_db()
    assert detr.closed_at is not None
    with pytest.raises(Refusal):
        procedures.publish(detr, actor=operator)
    demarches("/_state/201/publiee")
    assert procedures.refresh_all() == 1
    detr.refresh_from_db()
    assert detr.is_offered


def test_a_night_when_it_is_down_says_nothing_wrong(demarches, detr):
    demarches("/_mood/500")
    assert procedures.refresh_all() == 0
    detr.refresh_from_db()
    assert detr.is_offered


def test_a_service_of_the_state_proposes_and_the_operator_publishes(demarches, operator):
    ddt = OrganizationFactory(kind=OrganizationKind.STATE_SERVICE, verified=True)
    agent = actor_for(MembershipFactory(organization=ddt, role=MembershipRole.MANAGER))
    made = procedures.add("detr-dsil-2027", Family.DETR_DSIL, actor=agent)
    assert (made.state, made.organization) == (ProcedureState.DRAFT, ddt)
    procedures.confirm(made, {}, seen_revision=made.revision, actor=agent)
    with pytest.raises(Forbidden):
        procedures.publish(made, actor=agent)
    with pytest.raises(Forbidden):
        procedures.set_token(made, "secret", actor=agent)
    procedures.publish(made, actor=operator)
    assert made.is_offered


def test_others_do_not(demarches, mayor):
    with pytest.raises(Forbidden):
        procedures.add("detr-dsil-2027", Family.DETR_DSIL, actor=mayor)


def test_where_and_for_which_programme(project, settings):
    settings.DEMARCHES_URL = "http://service.example"
    here = procedure(area=f"departement:{project.departement_code}")
    procedure(area="departement:99")
    apart = procedure(programme=programme())
    assert [one.procedure for one in queries.offers(project)] == [here]
    project.programmes.create(programme=apart.programme, since=project.deposited_at.date())
    assert {one.procedure for one in queries.offers(project)} == {here, apart}


def test_rows_of_other_money(demarches, detr, project, mayor):
    FundingRequest.objects.create(
        project=project, label="Région", funder="Région", asked_cents=30_000_00
    )
    FundingRequest.objects.create(project=project, label="Département", asked_cents=10_000_50)
    one = dossiers.ask(project, detr, Wanted(120_000_00), actor=mayor)
    rows = next(value for value in one.payload.values() if isinstance(value, list) and len(value) == 2
                and isinstance(value[0], dict))  # fmt: skip
    assert [sorted(row.values()) for row in rows] == [
        ["30000", "Région"],
        ["10000.5", "Département"],
    ]
    assert one.state == DossierState.PREFILLED


def test_the_list_in_few_statements(client, operator, settings, django_assert_max_num_queries):
    settings.DEMARCHES_URL = "http://service.example"
    for _ in range(12):
        procedure()
    client.force_login(operator.user)
    url = reverse("connectors:procedures")
    client.get(url)
    with django_assert_max_num_queries(12):
        client.get(url)


def test_a_slow_service_holds_nobody_long(demarches, operator, client):
    demarches("/_mood/slow")
    client.force_login(operator.user)
    start = time.monotonic()
    answer = client.post(
        reverse("connectors:procedure_add"), {"path": "detr-dsil-2027", "family": "autre"}
    )
    assert "ne répond pas pour l’instant" in answer.content.decode()
    assert time.monotonic() - start < 4
