"""The national models, what they must contain, and an organisation's own."""

import pytest
from django.db import IntegrityError, connection, transaction

from preau.accounts.actors import SYSTEM
from preau.agreements import loading, queries
from preau.agreements.actions import library as actions
from preau.agreements.actions.library import ClauseText
from preau.agreements.drafting import content, differences, preview, sample, variables
from preau.agreements.enums import (
    OCCUPATIONS,
    PUBLIC_PROPERTY,
    SCHOOLS,
    ClauseKind,
    Condition,
    Gate,
    LegalCase,
)
from preau.agreements.models import Clause, Model, ModelVersion
from preau.core.errors import Refusal
from tests.agreements.factories import national, national_version

#: The usual articles of such an agreement, by the key of their clause.
USUAL = {
    "parties": "parties and capacity to sign",
    "objet": "purpose and legal nature",
    "locaux": "premises and equipment",
    "securite": "capacity and safety",
    "calendrier": "calendar",
    "acces": "access",
    "etat_des_lieux": "inventory in and out",
    "utilisation": "conditions of use",
    "prix": "price and payment",
    "gratuite": "free of charge",
    "caution": "deposit",
    "assurance": "insurance",
    "responsabilite": "liability and damage",
    "neutralite": "neutrality and equality",
    "engagement_republicain": "contrat d'engagement républicain",
    "donnees": "personal data",
    "modification": "change",
    "annulation": "cancellation",
    "retrait": "withdrawal in the general interest",
    "duree": "duration",
    "litiges": "disputes",
    "annexes": "annexes",
    "annexe_dates": "calendar of dates",
    "annexe_prix": "price lines",
    "annexe_materiel": "inventory",
    "annexe_regles": "house rules",
    "annexe_engagement": "the commitments themselves",
}
LAW = {
    LegalCase.COMMUNE_ASSOCIATION: ["L. 2144-3"],
    LegalCase.PUBLIC_DOMAIN: ["L. 2122-1", "L. 2125-1", "L. 2125-3"],
    LegalCase.PRIMARY_SCHOOL: ["L. 212-15"],
    LegalCase.COLLEGE: ["L. 213-2-2"],
    LegalCase.LYCEE: ["L. 214-6-2"],
    LegalCase.PRIVATE: ["Code civil"],
}
#: What the text of an article must speak of, whatever its wording.
SPEAKS_OF = {
    "objet": ["maintien dans les lieux"],
    "securite": ["{usage.effectif}", "{lieu.erp}", "{usage.responsable}", "issues de secours"],
    "calendrier": ["jours fériés"],
    "utilisation": [
        "ménage",
        "bruit",
        "alcool",
        "repas",
        "tabac",
        "déchets",
        "énergie",
        "sous-louer",
    ],
    "prix": ["{prix.total}", "comprend", "{prix.paiement}"],
    "caution": ["{caution.montant}"],
    "assurance": ["responsabilité civile", "risques locatifs", "à chaque date"],
    "engagement_republicain": ["en nature"],
    "donnees": ["dix ans"],
    "annulation": ["{annulation.regles}"],
    "litiges": ["amiable", "tribunal"],
}


@pytest.fixture(
    params=[one for one in LegalCase if one in OCCUPATIONS], ids=lambda case: case.value
)
def case(request, library):
    return request.param


@pytest.fixture
def draft(library, town):
    return actions.copy_model(national(), town, name="Associations", actor=SYSTEM)


def clause(version, key):
    return version.clauses.get(key=key)


# --- What every national model contains


@pytest.mark.parametrize("key", USUAL)
def test_every_model_has_every_usual_article(case, key):
    assert national_version(case).clauses.filter(key=key, is_required=True).exists()


def test_every_article_speaks_of_what_it_must(case):
    clauses = {one.key: one.text for one in national_version(case).clauses.all()}
    missing = [
        (key, word)
        for key, words in SPEAKS_OF.items()
        for word in words
        if word not in clauses[key]
    ]
    assert not missing


def test_every_model_cites_its_law(case):
    version = national_version(case)
    for article in LAW[case]:
        assert article in version.legal_basis
        assert any(article in one.legal_basis for one in version.clauses.all()), article


def test_every_recurring_occupation_shares(case):
    shared = clause(national_version(case), "partage")
    assert (shared.condition, shared.is_required) == (Condition.SERIES, False)


def test_a_charter_is_no_occupation(library):
    version = national_version(LegalCase.CHARTER)
    assert set(version.gates) == {Gate.OWNER_CAPACITY, Gate.OCCUPANT_CAPACITY}
    text = " ".join(one.text for one in version.clauses.all())
    assert "clause du partage" in text
    assert "les dates sont libérées" not in text


def test_annexes_come_after_articles(case):
    kinds = list(national_version(case).clauses.values_list("kind", flat=True))
    assert kinds == sorted(kinds, key=lambda kind: kind == ClauseKind.ANNEX)


def test_schools_are_signed_by_three_after_an_opinion(library):
    for case in SCHOOLS:
        assert {Gate.HEAD_OF_SCHOOL, Gate.BOARD_OPINION} <= set(national_version(case).gates)
        assert "trois parties" in clause(national_version(case), "parties").text
        assert "laïcité" in clause(national_version(case), "neutralite").text


def test_public_property_is_not_exploited_without_competition(library):
    for case in PUBLIC_PROPERTY:
        assert Gate.NO_ECONOMIC_USE in national_version(case).gates


def test_commitments_are_only_for_associations(case):
    for key in ("engagement_republicain", "annexe_engagement"):
        assert clause(national_version(case), key).condition == Condition.ASSOCIATION


def test_every_variable_of_the_list_resolves(case):
    values = variables.resolve(sample.facts(case))
    assert set(values) == set(variables.BY_NAME)
    assert all(values.values())


def test_nothing_is_left_unfilled(case):
    made = preview.content_of(national_version(case))
    text = str([made["articles"], made["annexes"]])
    assert "{" not in text.replace("{'", "").replace(": {", "")
    assert not [name for name in variables.BY_NAME if f"{{{name}}}" in text]


# --- Loading


def test_loading_twice_changes_nothing(library):
    assert len(library) == len(LegalCase)
    assert loading.load_national_models() == []
    assert Clause.objects.count() == sum(one.clauses.count() for one in library)


def test_a_new_text_is_a_new_version(library, monkeypatch):
    given = loading.read_case(LegalCase.COLLEGE)
    given["clauses"][0]["text"] = "Un autre texte."
    monkeypatch.setattr(loading, "read_case", lambda case: given)
    assert loading.load_case(LegalCase.COLLEGE).number == 2
    assert national_version(LegalCase.COLLEGE).number == 2


# --- Variables


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bonjour {ocupant.nom}", "{occupant.nom}"),
        ("Bonjour {tout.autre.chose}", "{tout.autre.chose}"),
        ("Bonjour {}", "{}"),
        ("Bonjour {occupant.nom", "accolade"),
        ("Bonjour occupant.nom}", "accolade"),
    ],
)
def test_an_unknown_variable_is_named(draft, text, said):
    with pytest.raises(Refusal) as refused:
        actions.edit_clause(clause(draft, "acces"), ClauseText("Accès", text), actor=SYSTEM)
    assert said in refused.value.sentence
    assert refused.value.field == "text"


def test_what_people_type_is_never_read_as_a_variable():
    assert variables.fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"


# --- An organisation's own model


def test_a_copy_has_every_clause_and_remembers_its_source(draft):
    source = national_version()
    assert draft.model.base == source
    assert list(draft.clauses.values_list("key", "text")) == list(
        source.clauses.values_list("key", "text")
    )


def test_two_models_of_an_organisation_have_two_names(draft, town):
    with pytest.raises(Refusal) as refused:
        actions.copy_model(national(), town, name="Associations", actor=SYSTEM)
    assert refused.value.code == "name_taken"


def test_a_usual_clause_goes_with_a_reason_only(draft):
    with pytest.raises(Refusal) as refused:
        actions.remove_clause(clause(draft, "caution"), reason=" ", actor=SYSTEM)
    assert refused.value.code == "reason_needed"
    actions.remove_clause(clause(draft, "caution"), reason="Jamais de caution ici.", actor=SYSTEM)
    assert clause(draft, "caution").is_removed
    facts = sample.facts(LegalCase.COMMUNE_ASSOCIATION)
    written = content.written(draft.clauses.all(), facts, variables.resolve(facts))
    assert "caution" not in {one["key"] for one in written}
    actions.restore_clause(clause(draft, "caution"), actor=SYSTEM)
    assert not clause(draft, "caution").is_removed


def test_a_clause_is_added_among_its_kind_moved_and_deleted(draft):
    added = actions.add_clause(draft, ClauseText("Défibrillateur", "À l’entrée."), actor=SYSTEM)
    assert added.key == "defibrillateur"
    articles = list(draft.clauses.filter(kind=ClauseKind.ARTICLE).values_list("key", flat=True))
    assert articles[-1] == "defibrillateur"
    actions.move_clause(Clause.objects.get(pk=added.pk), up=True, actor=SYSTEM)
    articles = list(draft.clauses.filter(kind=ClauseKind.ARTICLE).values_list("key", flat=True))
    assert articles[-2] == "defibrillateur"
    actions.remove_clause(Clause.objects.get(pk=added.pk), reason="", actor=SYSTEM)
    positions = list(draft.clauses.values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


def test_an_annex_does_not_climb_among_the_articles(draft):
    first = draft.clauses.filter(kind=ClauseKind.ANNEX).first()
    actions.move_clause(first, up=True, actor=SYSTEM)
    assert draft.clauses.filter(kind=ClauseKind.ANNEX).first().key == first.key


def test_published_goes_on_from_version_to_version(draft):
    actions.publish(draft, note="Première", actor=SYSTEM)
    second = actions.start_draft(draft.model, actor=SYSTEM)
    assert second.number == 2
    assert actions.start_draft(draft.model, actor=SYSTEM) == second
    actions.edit_clause(
        clause(second, "acces"), ClauseText("Accès", "Le gardien ouvre."), actor=SYSTEM
    )
    changes = differences.between(draft.clauses.all(), second.clauses.all())
    assert [(one.key, one.kind) for one in changes] == [("acces", differences.CHANGED)]
    assert queries.published(draft.model) == draft
    actions.publish(second, note="", actor=SYSTEM)
    assert queries.published(draft.model) == second


def test_a_published_version_is_refused_politely(draft):
    actions.publish(draft, note="", actor=SYSTEM)
    with pytest.raises(Refusal) as refused:
        actions.edit_clause(clause(draft, "acces"), ClauseText("Accès", "Autre."), actor=SYSTEM)
    assert refused.value.code == "published"


@pytest.mark.parametrize(
    "change",
    [
        lambda version: Clause.objects.filter(version=version, key="acces").update(text="Autre"),
        lambda version: Clause.objects.filter(version=version, key="acces").delete(),
        lambda version: Clause.objects.create(
            version=version, position=99, key="nouvelle", title="Nouvelle", text="Autre"
        ),
        lambda version: ModelVersion.objects.filter(pk=version.pk).update(title="Autre"),
        lambda version: ModelVersion.objects.filter(pk=version.pk).update(
            state="brouillon", published_at=None
        ),
        lambda version: ModelVersion.objects.filter(pk=version.pk).delete(),
    ],
    ids=["edit", "delete", "insert", "title", "back to draft", "version"],
)
def test_the_database_keeps_what_is_published(draft, change):
    actions.publish(draft, note="", actor=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(draft)


def test_without_the_trigger_a_published_text_would_change(draft):
    """The guard is the trigger and nothing else."""
    actions.publish(draft, note="", actor=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE agreements_clause DISABLE TRIGGER clause_guard")
        Clause.objects.filter(version=draft, key="acces").update(text="Autre")
        assert clause(draft, "acces").text == "Autre"


def test_a_clause_does_not_slip_into_a_published_version(draft, town):
    other = actions.copy_model(national(), town, name="Autres", actor=SYSTEM)
    actions.publish(draft, note="", actor=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        other.clauses.filter(key="acces").update(version=draft, position=98)


# --- The national model moves on


def test_the_organisation_sees_what_changed_nationally(draft, monkeypatch):
    assert queries.national_news(draft.model) is None
    given = loading.read_case(LegalCase.COMMUNE_ASSOCIATION)
    for one in given["clauses"]:
        if one["key"] == "acces":
            one["text"] = "Un texte national nouveau."
    monkeypatch.setattr(loading, "read_case", lambda case: given)
    loading.load_case(LegalCase.COMMUNE_ASSOCIATION)
    newer = queries.national_news(Model.objects.get(pk=draft.model_id))
    assert newer.number == 2
    actions.take_national_wording(draft, "acces", actor=SYSTEM)
    assert clause(draft, "acces").text == "Un texte national nouveau."
    actions.note_national_news(draft.model, actor=SYSTEM)
    assert queries.national_news(Model.objects.get(pk=draft.model_id)) is None


def test_an_organisation_uses_its_own_model_once_published(draft, town):
    case = LegalCase.COMMUNE_ASSOCIATION
    assert queries.usable_version(town.pk, case) == national_version(case)
    actions.publish(draft, note="", actor=SYSTEM)
    assert queries.usable_version(town.pk, case) == draft


def test_the_last_draft_takes_its_model_with_it(draft):
    model = draft.model_id
    actions.discard_draft(draft, actor=SYSTEM)
    assert not Model.objects.filter(pk=model).exists()
