"""A form sent twice does its deed once; one that differs by a letter is another."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from preau.core import once as forms_sent
from preau.core.errors import Refusal
from preau.core.models import SentForm
from preau.core.once import once

pytestmark = pytest.mark.django_db
PAGE = {"csrfmiddlewaretoken": "a-page", "title": "Fête"}


@pytest.fixture
def deeds():
    return []


def send(deeds, data, path="/essai/"):
    def act():
        deeds.append(data)
        return f"/fait/{len(deeds)}/"

    return once(RequestFactory().post(path, data), act)["Location"]


def test_the_same_page_sent_twice_does_it_once_and_leads_to_the_same_place(deeds):
    assert [send(deeds, PAGE), send(deeds, PAGE)] == ["/fait/1/", "/fait/1/"]
    assert len(deeds) == 1


@pytest.mark.parametrize(
    "other",
    [
        {**PAGE, "csrfmiddlewaretoken": "another-page"},
        {**PAGE, "title": "Bal"},
        {**PAGE, "themes": ["a", "b"]},
        {**PAGE, "file": SimpleUploadedFile("plan.pdf", b"%PDF")},
    ],
)
def test_what_differs_is_done(deeds, other):
    send(deeds, PAGE)
    assert send(deeds, other) == "/fait/2/"


def test_another_address_is_another_deed(deeds):
    send(deeds, PAGE)
    assert send(deeds, PAGE, "/ailleurs/") == "/fait/2/"


def test_what_was_refused_may_be_sent_again(deeds):
    def refuse():
        raise Refusal("Choisissez un autre jour.")

    with pytest.raises(Refusal):
        once(RequestFactory().post("/essai/", PAGE), refuse)
    assert send(deeds, PAGE) == "/fait/1/"


def test_without_a_page_each_is_done(deeds):
    send(deeds, {"title": "Fête"})
    assert send(deeds, {"title": "Fête"}) == "/fait/2/"


def test_each_page_of_ours_has_a_token_of_its_own(client):
    first, second = (client.get("/entrer/").context["csrf_token"] for _ in range(2))
    assert str(first) != str(second)


def test_what_nobody_goes_back_to_is_forgotten(deeds):
    send(deeds, PAGE)
    assert forms_sent.forget() == 0
    SentForm.objects.update(at=SentForm.objects.get().at - forms_sent.KEPT - timedelta(seconds=1))
    assert forms_sent.forget() == 1
