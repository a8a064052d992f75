"""One draft, two tabs, the button pressed at once: one project is filed."""

import threading

import pytest
from django.db import connection

from preau.accounts.actors import Actor
from preau.projects.actions import depositing, filing
from preau.projects.enums import EventKind, ProjectState
from preau.projects.filers import Filer
from preau.projects.models import Assignment
from tests.accounts.factories import UserFactory
from tests.projects.factories import pair
from tests.projects.filing import commune

TABS = 4


@pytest.mark.django_db(transaction=True)
def test_one_deposit_however_many_tabs():
    place = commune()
    pair(place.departement)
    by = Filer(Actor(user=UserFactory()))
    project = filing.start_draft(by=by)
    filing.save_who(project, filing.Who(kind="commune", name="Voiron", commune=place), by=by)
    filing.save_what(
        project, by=by, name="École", purpose="Froid", description="", themes=[], phase="idee"
    )
    filing.save_where(project, [place], by=by)
    filing.save_contact(
        project, by=by, name="Jeanne", function="", email="j@voiron.example", phone=""
    )
    faults, start = [], threading.Barrier(TABS)

    def tab():
        try:
            start.wait()
            depositing.deposit(project, actor=Actor(user=by.actor.user))
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=tab) for _ in range(TABS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    project.refresh_from_db()
    assert project.state == ProjectState.DEPOSITED
    assert project.events.filter(kind=EventKind.STATE).count() == 1
    assert Assignment.objects.filter(project=project).count() == 2
