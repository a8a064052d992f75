"""Filing a project through its pages, as a browser does."""

import re

from django.test import Client
from django.urls import reverse

from preau.core import clock
from preau.projects.enums import QuestionKind, QuestionnaireKind, VersionState
from preau.projects.models import (
    Programme,
    Project,
    Question,
    Questionnaire,
    QuestionnaireVersion,
)
from tests.territories.factories import CommuneFactory

WHAT = {
    "name": "Rénover l’école Jules-Ferry",
    "purpose": "Le chauffage est hors d’âge.",
    "description": "",
    "phase": "etude",
    "themes": ["energie", "education"],
}
CONTACT = {
    "contact_name": "Jeanne Martin",
    "contact_function": "Maire",
    "contact_email": "Jeanne@voiron.example",
    "contact_phone": "04 76 00 00 00",
}
SIRET, OTHER_SIRET = "21380185500015", "21380169900017"


def commune(name="Voiron", code="38563", postcode="38500"):
    return CommuneFactory(
        code=code, name=name, postcodes=[postcode], postcode_starts=[postcode[:3], postcode[:4]]
    )


def url(step, project, *more):
    return reverse(f"projects:{step}", args=[project.key, *more])


class Browser:
    """A client with a draft under way."""

    def __init__(self, client=None):
        self.client = client or Client()
        self.project = None

    def begin(self):
        response = self.client.post(reverse("projects:start"))
        key = re.search(r"/projets/([0-9a-f-]{36})/", response.url)[1]
        self.project = Project.objects.get(key=key)
        return self

    def get(self, step, *more):
        return self.client.get(url(step, self.project, *more))

    def post(self, step, data=None, *more):
        return self.client.post(url(step, self.project, *more), data or {})

    def fill(self, town="Voiron 38500", **who):
        """Every step but the questions of programmes."""
        place = commune()
        self.post("file_who", {"kind": "commune", "commune": town} | who)
        self.post("file_what", WHAT)
        self.post("file_where", {"kept": [place.pk]})
        self.post("file_programmes", {})
        self.post("file_money", {"budget": "1,2 M€", "starts_on": "2027-03-01", "ends_on": ""})
        self.post("file_contact", CONTACT)
        return self.fresh()

    def fresh(self):
        self.project.refresh_from_db()
        return self.project


def asked_by(programme: Programme, *questions) -> QuestionnaireVersion:
    """A version in force: `("code", kind)` or `("code", kind, required)`."""
    questionnaire = Questionnaire.objects.create(
        kind=QuestionnaireKind.PROGRAMME, title=f"Questions {programme}", programme=programme
    )
    version = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
    for rank, (code, kind, *required) in enumerate(questions, 1):
        choices = [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]
        Question.objects.create(
            version=version,
            code=code,
            kind=kind,
            label=f"Question {code} ?",
            position=rank,
            required=bool(required and required[0]),
            choices=choices if kind in {QuestionKind.CHOICE, QuestionKind.CHOICES} else [],
        )
    version.state, version.published_at = VersionState.PUBLISHED, clock.now()
    version.save()
    return version
