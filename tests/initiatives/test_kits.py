"""Kits: versions, use on a project, neighbours' support, the local currency."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, Actor
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.registries import project_panels
from preau.initiatives import kit_files, support_links
from preau.initiatives.actions import kit_uses, kits, supports
from preau.initiatives.enums.kits import KitState, SupportState, WordsState
from preau.initiatives.models import Kit, KitUse, KitVersion, Partnership, Support
from preau.initiatives.queries import kits as queries
from preau.notifications.models import Email
from preau.projects.enums import ProjectRole, ProjectState
from preau.projects.models import Project
from tests.accounts.factories import UserFactory, sign_in
from tests.initiatives.factories_calls import association, keeper
from tests.projects.factories import ProjectFactory, member
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


def code_of(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


@pytest.fixture
def kit():
    """The composter, as delivered."""
    kit_files.load_kits()
    return KitVersion.objects.get(kit__slug="composteur-collectif")


@pytest.fixture
def people():
    return association()


@pytest.fixture
def project(people):
    return ProjectFactory(state=ProjectState.ACCOMPANIED, holder_organization=people.organization)


@pytest.fixture
def use(kit, project, people):
    return kit_uses.take(kit, project, actor=people)


@pytest.fixture
def opened(use, people):
    return kit_uses.open_support(use, appeal="Un bac rue des Lilas.", actor=people)


def give(use, actor=ANONYMOUS, email="ana@example.org", words=""):
    return supports.give(
        use, first_name="Ana", commune=CommuneFactory(), email=email, words=words, actor=actor
    )


# --- Delivered kits


def test_four_kits_are_delivered_and_loading_twice_changes_nothing(capsys):
    call_command("load_kits")
    assert "4 published" in capsys.readouterr().out
    call_command("load_kits")
    assert "0 published" in capsys.readouterr().out
    assert KitVersion.objects.count() == 4
    for version in KitVersion.objects.all():
        first = version.steps.first()
        assert first.gathers_support
        assert "soutien" in first.title


def test_a_kit_whose_file_changed_gets_another_version(kit):
    told = kit_files._said(kit) | {"purpose": "Autre but."}
    assert kit_files.load_kit("composteur-collectif", told)
    states = list(kit.kit.versions.order_by("number").values_list("state", flat=True))
    assert states == [KitState.REPLACED, KitState.PUBLISHED]


def test_a_published_kit_does_not_change(kit):
    operator = Actor(UserFactory(operator=True))
    step = kit.steps.first()
    assert code_of(lambda: kits.edit_step(step, {"title": "A"}, actor=operator)) == "published"
    with pytest.raises(IntegrityError), transaction.atomic():
        kit.steps.update(title="Autre")


def test_who_follows_a_version_keeps_it(kit, use):
    operator = Actor(UserFactory(operator=True))
    draft = kits.new_version(kit.kit, actor=operator)
    assert kits.new_version(kit.kit, actor=operator) == draft
    assert draft.steps.count() == kit.steps.count()
    kits.remove_step(draft.steps.last(), actor=operator)
    kits.publish_version(draft, actor=operator)
    use.refresh_from_db()
    assert use.version == kit
    assert queries.progress_of(use).total == draft.steps.count() + 1
    assert list(queries.published().filter(kit=kit.kit)) == [draft]


def test_a_town_keeps_its_own_kits_and_no_other(kit):
    town = keeper()
    mine = kits.draft_kit(title="Bourse aux plants", purpose="Échanger.", themes=[], actor=town)
    assert code_of(lambda: kits.publish_version(mine, actor=town)) == "steps"
    for title in ("Trouver le soutien d’autres habitants", "Choisir un jour"):
        kits.add_step(mine, {"title": title}, actor=town)
    kits.publish_version(mine, actor=town)
    for act in (
        lambda: kits.new_version(kit.kit, actor=town),
        lambda: kits.withdraw_kit(mine.kit, actor=keeper()),
        lambda: kits.draft_kit(title="A", purpose="", themes=[], actor=association()),
    ):
        with pytest.raises(Forbidden):
            act()
    kits.withdraw_kit(mine.kit, actor=town)
    assert not queries.published().filter(kit=mine.kit).exists()


# --- On a project


def test_a_kit_begins_a_project(client, kit, people):
    sign_in(client, people.user, people.membership)
    url = reverse("initiatives:kit_take", args=[kit.kit.slug])
    assert "Donnez un nom" in client.post(url, {"project": "nouveau"}).content.decode()
    client.post(url, {"project": "nouveau", "name": "Le compost des Lilas"})
    made = Project.objects.get()
    assert (made.name, made.state) == ("Le compost des Lilas", ProjectState.DRAFT)
    assert made.holder_organization == people.organization
    assert KitUse.objects.get().project == made


def test_a_kit_is_taken_once_and_ticked_with_who_and_when(kit, use, project, people):
    assert kit_uses.take(kit, project, actor=people) == use
    step = kit.steps.first()
    kit_uses.tick(use, step, note="Avec l’école", actor=people)
    kit_uses.tick(use, step, actor=people)
    progress = queries.progress_of(use)
    assert progress.done == 1
    assert progress.lines[0].tick.done_by == people.user
    assert progress.next == kit.steps.all()[1]
    assert project.events.filter(subject__contains=step.title).count() == 1
    kit_uses.untick(use, step, actor=people)
    assert queries.progress_of(use).done == 0


def test_an_observer_ticks_nothing(use, project, kit):
    observer = member(project, ProjectRole.OBSERVER)
    for act in (
        lambda: kit_uses.tick(use, kit.steps.first(), actor=observer),
        lambda: kit_uses.open_support(use, appeal="A", actor=observer),
        lambda: kit_uses.take(kit, ProjectFactory(), actor=observer),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_step_of_another_kit_is_refused(use, people):
    other = KitVersion.objects.get(kit__slug="repair-cafe").steps.first()
    assert code_of(lambda: kit_uses.tick(use, other, actor=people)) == "other"


def test_the_panel_tells_progress_supports_and_currency(rf, kit, use, project, people):
    kit_uses.tick(use, kit.steps.first(), actor=people)
    kit_uses.record_currency(
        project, name="Le Cairn", partners="Épicerie", since=date(2026, 1, 1), actor=people
    )
    request = rf.get("/")
    request.actor, request.user = people, people.user
    found = [make(request, project) for make in project_panels]
    [panel] = [one for one in found if one is not None and one.title == "Kits et soutiens"]
    text = panel.render().replace("\xa0", " ")
    assert "1 sur 7 étapes" in text
    assert "Le Cairn" in text


# --- Supports


def test_a_signed_in_neighbour_counts_at_once_and_once(opened):
    neighbour = Actor(UserFactory())
    give(opened, neighbour)
    assert code_of(lambda: give(opened, neighbour)) == "twice"
    assert queries.supported(opened).count == 1
    supports.take_back(queries.support_of(opened, neighbour))
    assert Support.objects.count() == 0


def test_others_count_once_their_letter_is_answered(client, opened):
    url = reverse("initiatives:support_page", args=[opened.key])
    typed = {
        "first_name": "Ana",
        "commune": "Grenoble",
        "email": "Ana@example.org",
        "words": "Enfin un composteur !",
    }
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    support = Support.objects.get()
    assert support.state == SupportState.PENDING
    assert Email.objects.filter(recipient="ana@example.org").count() == 1
    assert queries.supported(opened).count == 0
    link = support_links.page_for(support)
    assert "Confirmer mon soutien" in client.get(link).content.decode()
    support.refresh_from_db()
    assert support.state == SupportState.PENDING  # a GET acts on nothing
    client.post(link)
    page = client.get(url).content.decode()
    assert "Ana (Grenoble)" in page
    assert "ana@example.org" not in page
    assert "Enfin un composteur" not in page  # nobody has read it yet
    client.post(link, {"geste": "retirer"})
    assert Support.objects.count() == 0
    assert client.get(link).status_code == 404


def test_the_letter_carries_no_free_words_and_its_owner_has_the_last(client, opened):
    url = reverse("initiatives:support_page", args=[opened.key])
    typed = {
        "first_name": "Gagnez 500 euros",
        "commune": "Grenoble",
        "email": "Zoe@example.org",
        "words": "Cliquez",
    }
    assert client.post(url, typed).status_code == 302
    letter = Email.objects.get(recipient="zoe@example.org")
    for sent in (letter.text, letter.html, letter.subject):
        assert "Gagnez" not in sent
        assert "Cliquez" not in sent
    give(opened, Actor(UserFactory(email="zoe@example.org")))
    support = Support.objects.get()
    assert support.state == SupportState.GIVEN
    assert "Gagnez" not in support.first_name
    assert support.words == ""


def test_words_are_shown_once_read(client, opened, people):
    support = give(opened, Actor(UserFactory()), words="Bravo à vous")
    url = reverse("initiatives:support_page", args=[opened.key])
    assert "Bravo" not in client.get(url).content.decode()
    with pytest.raises(Forbidden):
        kit_uses.judge_words(support, show=True, actor=association())
    kit_uses.judge_words(support, show=True, actor=people)
    assert "Bravo" in client.get(url).content.decode()
    kit_uses.judge_words(support, show=False, actor=people)
    assert Support.objects.get().words_state == WordsState.HIDDEN
    assert "Bravo" not in client.get(url).content.decode()


def test_a_closed_page_takes_nothing(client, use, opened, people):
    kit_uses.close_support(opened, actor=people)
    assert code_of(lambda: give(opened, Actor(UserFactory()))) == "closed"
    assert client.get(reverse("initiatives:support_page", args=[use.key])).status_code == 404


def test_a_robot_is_slowed_down(client, opened, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"give_support": "1/30m/key"}
    from django.core.cache import cache

    cache.clear()
    url = reverse("initiatives:support_page", args=[opened.key])
    typed = {"first_name": "Ana", "commune": "Grenoble", "email": "bot@example.org"}
    assert client.post(url, typed).status_code == 302
    assert "Plusieurs lettres" in client.post(url, typed).content.decode()


def test_names_are_erased_after_a_year_and_still_count(opened):
    old = give(opened, Actor(UserFactory()))
    give(opened, Actor(UserFactory()))
    Support.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=366))
    unanswered = give(opened, email="never@example.org")
    Support.objects.filter(pk=unanswered.pk).update(created_at=clock.now() - timedelta(days=8))
    assert supports.erase_old() == 2
    assert supports.erase_old() == 0
    opened.refresh_from_db()
    assert Support.objects.count() == 1
    assert queries.supported(opened).count == 2


def test_removing_the_kit_erases_supports(opened, people):
    give(opened, Actor(UserFactory()))
    kit_uses.remove(opened, actor=people)
    assert Support.objects.count() == 0
    assert queries.uses_of(opened.project) == []


# --- The local currency


def test_a_local_currency_is_noted_and_changed(client, project, people):
    sign_in(client, people.user, people.membership)
    url = reverse("initiatives:currency_add", args=[project.key])
    typed = {
        "name": "Le Cairn",
        "partners": "Épicerie\nBoulangerie",
        "since": "2026-03-01",
        "until": "2026-01-01",
    }
    assert "ne peut pas précéder" in client.post(url, typed).content.decode()
    client.post(url, typed | {"until": ""})
    one = Partnership.objects.get()
    client.post(
        reverse("initiatives:currency_edit", args=[one.pk]), typed | {"until": "", "name": "Cairn"}
    )
    assert Partnership.objects.get().name == "Cairn"


def test_a_currency_of_another_project_is_not_changed(project, people):
    noted = {"name": "Le Cairn", "partners": "Épicerie", "since": date(2026, 1, 1)}
    other = ProjectFactory(state=ProjectState.ACCOMPANIED, holder_organization=people.organization)
    former = kit_uses.record_currency(other, **noted, actor=people)
    changed = noted | {"name": "La Gonette"}
    act = lambda: kit_uses.record_currency(project, **changed, former=former, actor=people)  # noqa: E731
    assert code_of(act) == "other"
    assert Partnership.objects.get().name == "Le Cairn"


@pytest.mark.parametrize("typed", ["²", "", "x", "9" * 40])
def test_a_step_that_is_none_is_not_found(client, use, people, typed):
    sign_in(client, people.user, people.membership)
    url = reverse("initiatives:kit_tick", args=[use.key])
    assert client.post(url, {"etape": typed}).status_code == 404


def test_the_list_of_kits_costs_the_same_with_many(client, kit, django_assert_num_queries):
    with django_assert_num_queries(1) as few:
        client.get(reverse("initiatives:kits"))
    town = keeper()
    for number in range(5):
        made = kits.draft_kit(title=f"Kit {number}", purpose="But", themes=[], actor=town)
        for title in ("Un", "Deux"):
            kits.add_step(made, {"title": title}, actor=town)
        kits.publish_version(made, actor=town)
    assert Kit.objects.count() == 9
    with django_assert_num_queries(len(few)):
        client.get(reverse("initiatives:kits"))
