"""What the history of a sheet tells, and what it never keeps."""

import pytest
from django.db import IntegrityError, connection, transaction

from preau.accounts.actors import SYSTEM
from preau.directory.actions.merging import merge_sheets
from preau.directory.actions.sheets import edit_sheet
from preau.directory.enums import ChangeCause
from preau.directory.history import Line, history_of
from preau.directory.models import SheetChange
from tests.directory.factories import SheetFactory

pytestmark = pytest.mark.django_db
MINE = "jeanne.martin@example.org"


def told(sheet):
    return [line for past in history_of(sheet) for line in past.lines]


def test_a_telephone_or_an_address_is_never_kept_in_the_history(client):
    sheet, gone = SheetFactory(email=MINE), SheetFactory(phone="0612345678", email="")
    edit_sheet(sheet, {"email": ""}, actor=SYSTEM)
    edit_sheet(gone, {"email": MINE}, actor=SYSTEM)
    edit_sheet(gone, {"email": "accueil@example.org"}, actor=SYSTEM)
    merge_sheets(sheet, gone, actor=SYSTEM)
    sheet.refresh_from_db()
    edit_sheet(sheet, {"phone": ""}, actor=SYSTEM)
    kept = str(list(SheetChange.objects.values_list("fields", flat=True)))
    assert "example.org" not in kept and "0612" not in kept
    assert told(sheet)[0] == Line("Téléphone", "", "retiré")
    assert Line("Adresse électronique", "", "changé") in told(sheet)
    assert Line("Adresse électronique", "", "ajouté") in told(sheet)
    page = client.get(f"/annuaire/{sheet.slug}/").content.decode()
    assert MINE not in page and "0612" not in page and "Adresse électronique" in page


def test_what_a_line_kept_all_the_same_is_not_told():
    sheet = SheetFactory()
    past = {"phone": ["06", ""], "email": ["", MINE]}
    SheetChange.objects.create(sheet=sheet, cause=ChangeCause.EDITED, fields=past)
    assert MINE not in str(told(sheet))


@pytest.mark.parametrize("asked", ["", "yes"])
def test_the_guard_lets_nothing_else_through(asked):
    change = SheetChange.objects.create(
        sheet=SheetFactory(),
        cause=ChangeCause.EDITED,
        fields={"name": ["a", "b"], "phone": ["", "1"]},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('preau.forgetting_contacts', %s, true)", [asked])
        with pytest.raises(IntegrityError), transaction.atomic():
            SheetChange.objects.filter(pk=change.pk).update(fields={"name": ["a", "c"]})
        if not asked:
            with pytest.raises(IntegrityError), transaction.atomic():
                SheetChange.objects.update(fields={"name": ["a", "b"], "phone": [False, True]})
        cursor.execute("SELECT set_config('preau.forgetting_contacts', '', true)")
