"""The manager's and the parties' pages."""

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.agreements import queries
from preau.agreements.actions import drawing
from preau.agreements.models import Clause, Model, SigningAuthority
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.agreements.factories import agreement_of, mayor_of, national, occupancies
from tests.documents.factories import upload

pytestmark = pytest.mark.usefixtures("library")


def at(name, *args):
    return reverse(f"agreements:{name}", args=args)


@pytest.fixture
def manager(client, town):
    membership = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    return sign_in(client, membership.user, membership)


@pytest.fixture
def draft(manager, town):
    manager.post(at("copy", "communal"), {"name": "Associations"})
    return queries.draft(Model.objects.get(organization=town))


def test_a_manager_copies_edits_publishes(manager, draft, town):
    clause = draft.clauses.get(key="acces")
    page = manager.get(at("clause", clause.pk)).text
    assert "{occupant.nom}" in page
    answer = manager.post(at("clause", clause.pk), {"title": "Accès", "text": "Par {lieu.nom}."})
    assert answer.url == at("version", draft.pk)
    assert Clause.objects.get(pk=clause.pk).text == "Par {lieu.nom}."
    manager.post(at("publish", draft.pk), {"note": "Première version"})
    model = Model.objects.get(organization=town)
    assert queries.published(model).note == "Première version"
    assert "Première version" in manager.get(at("model", model.pk)).text
    second = manager.post(at("start_draft", model.pk)).url
    assert second == at("version", queries.draft(model).pk)


def test_an_unknown_variable_keeps_what_was_typed(manager, draft):
    clause = draft.clauses.get(key="acces")
    page = manager.post(at("clause", clause.pk), {"title": "Accès", "text": "Par {lieu.nim}."})
    assert page.status_code == 200
    assert "La variable {lieu.nim} n’existe pas" in page.text
    assert "{lieu.nom}" in page.text
    assert "Par {lieu.nim}." in page.text


def test_a_usual_clause_asks_why_it_goes(manager, draft):
    clause = draft.clauses.get(key="caution")
    page = manager.post(at("remove_clause", clause.pk), {"reason": ""})
    assert "Cette clause est usuelle" in page.text
    manager.post(at("remove_clause", clause.pk), {"reason": "Jamais de caution."})
    assert "Jamais de caution." in manager.get(at("version", draft.pk)).text


def test_previews_show_the_same_text(manager, draft):
    page = manager.get(at("preview", draft.pk)).text
    assert "Article 1. Parties" in page
    assert "Les Pas dansants" in page
    pdf = manager.get(at("preview_pdf", draft.pk))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert manager.get(at("national_pdf", "lycee")).content.startswith(b"%PDF")


def test_versions_are_compared(manager, draft, town):
    manager.post(at("publish", draft.pk), {"note": ""})
    manager.post(at("start_draft", draft.model_id))
    second = queries.draft(draft.model)
    clause = second.clauses.get(key="acces")
    manager.post(at("clause", clause.pk), {"title": clause.title, "text": "Le gardien ouvre."})
    page = manager.get(at("changes", second.pk)).text
    assert "1\u00a0clause différente" in page
    assert "gardien" in page
    assert "<ins>" in page
    assert "<del>" in page


def test_a_member_who_does_not_manage_copies_nothing(client, town):
    membership = MembershipFactory(organization=town, role=MembershipRole.MEMBER)
    sign_in(client, membership.user, membership)
    assert "En faire votre modèle" not in client.get(at("national", "communal")).text
    client.post(at("copy", "communal"), {"name": "À moi"})
    assert not Model.objects.filter(organization=town).exists()


def test_another_organisation_does_not_read_the_draft(client, draft):
    membership = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
    sign_in(client, membership.user, membership)
    for name in ("version", "preview", "preview_pdf", "changes"):
        assert client.get(at(name, draft.pk)).status_code == 403


def test_a_signatory_is_appointed_with_their_delegation(manager, town, place):
    manager.post(
        at("signatories", town.pk),
        {
            "role": "proprietaire",
            "place": place.pk,
            "name": "Zoé Roux",
            "email": "zoe@example.org",
            "capacity": "adjointe, par délégation du 3 juin 2026",
            "is_delegate": "on",
            "delegation": upload(name="delegation.pdf"),
            "valid_until": "2032-03-31",
        },
    )
    one = SigningAuthority.objects.get()
    assert (one.place, one.delegation.owner_organization) == (place, town)
    page = manager.get(at("signatories", town.pk)).text
    assert "adjointe, par délégation du 3 juin 2026" in page
    manager.post(at("dismiss", one.pk))
    assert "Personne n’est désigné" in manager.get(at("signatories", town.pk)).text


def test_an_opinion_is_recorded(manager, place):
    sent = {"board": "Le conseil d’école", "given_on": "2026-11-03", "is_favorable": "oui"}
    manager.post(at("opinions", place.pk), sent)
    opinion = queries.opinion_for(place)
    assert opinion.is_favorable
    assert "3\u00a0novembre 2026" in manager.get(at("opinions", place.pk)).text


def test_the_parties_follow_their_agreement(client, space, holder):
    agreement = agreement_of(space.place, holder, space=space)
    member = MembershipFactory(organization=holder, role=MembershipRole.MEMBER)
    sign_in(client, member.user, member)
    page = client.get(at("show", agreement.number))
    assert "Le document est en préparation" in page.text
    drawing.render_agreement(agreement.pk)
    page = client.get(at("show", agreement.number)).text
    assert "Télécharger le document à signer" in page
    assert "Ayoub Lefèvre" in page
    assert "30,00" in page
    assert "Annuler cette convention" not in page
    file = client.get(reverse("documents:download", args=[queries_document(agreement)]))
    assert b"".join(file.streaming_content if file.streaming else [file.content])[:4] == b"%PDF"
    assert agreement.number in client.get(at("mine")).text


def queries_document(agreement):
    agreement.refresh_from_db()
    return agreement.document_id


def test_a_stranger_does_not_see_it(client, space, holder):
    agreement = agreement_of(space.place, holder, space=space)
    sign_in(client, UserFactory())
    assert client.get(at("show", agreement.number)).status_code == 403


def test_a_manager_cancels_with_a_reason(manager, space, holder):
    agreement = agreement_of(space.place, holder, space=space)
    page = manager.post(at("cancel", agreement.number), {"reason": ""})
    assert "Dites pourquoi la convention s’arrête" in page.text
    manager.post(at("cancel", agreement.number), {"reason": "Travaux urgents."})
    assert "Travaux urgents." in manager.get(at("show", agreement.number)).text


def test_the_list_is_filtered_and_paged(manager, space, holder, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    taken = occupancies(space, 1)
    numbers = [agreement_of(space.place, holder, space=space, taken=taken).number for _ in range(3)]
    first = manager.get(at("overview"))
    assert numbers[2] in first.text
    assert numbers[0] not in first.text
    second = manager.get(first.context["next"])
    assert numbers[0] in second.text
    assert not second.context["next"]
    assert numbers[1] in manager.get(at("overview"), {"mots": numbers[1]}).text
    assert "Aucune convention ne correspond" in manager.get(at("overview"), {"etat": "signee"}).text


def test_the_list_costs_the_same_whatever_it_holds(
    manager, space, holder, django_assert_max_num_queries
):
    taken = occupancies(space, 1)
    for _ in range(6):
        agreement_of(space.place, holder, space=space, taken=taken)
    with django_assert_max_num_queries(12):
        manager.get(at("overview"))


def test_the_library_costs_the_same_for_every_case(
    manager, draft, town, django_assert_max_num_queries
):
    mayor_of(town)
    assert national().is_national
    with django_assert_max_num_queries(24):
        manager.get(at("library"))
    with django_assert_max_num_queries(16):
        manager.get(at("version", draft.pk))
