"""Agreements ready to sign, and people who sign them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from django.db import connection

from preau.accounts.actors import SYSTEM
from preau.agreements.actions import advancing, rounds, signing
from preau.agreements.actions.rounds import SignatoryWanted
from preau.agreements.consent import CURRENT
from preau.agreements.enums import AgreementState, LegalCase, VersionState
from preau.agreements.models import Agreement, Model, ModelVersion
from preau.agreements.signing_enums import SignatoryRole
from preau.agreements.traces import Trace
from preau.core import clock
from preau.documents import actions as documents
from preau.documents import rendering, sealing
from preau.documents.enums import DocumentKind
from preau.notifications.models import Email
from tests.accounts.factories import OrganizationFactory
from tests.places.factories import PlaceFactory

HERE = Trace(ip="192.0.2.7", user_agent="Firefox")
ROLES = [
    SignatoryRole.OCCUPANT,
    SignatoryRole.HEAD_OF_SCHOOL,
    SignatoryRole.OWNER,
    SignatoryRole.OTHER,
    SignatoryRole.OTHER,
]
_numbers = count(9001)  # clear of the numbers that real counters give


@cache
def prepared_pdf(signatories):
    """A file with a field for each signatory; made once, the tests share its bytes."""
    data = {
        "title": "Convention d’occupation",
        "reference": "CONV-TEST",
        "sender": ["Mairie de Voiron"],
        "subtitle": "",
        "note": "",
        "parties": [],
        "articles": [{"title": "Objet", "text": "La salle est prêtée."}],
        "lines": [["Salle", "1", "0,00 €"]],
        "zones": [
            {"label": rounds.field_of(place), "name": f"Partie {place}"}
            for place in range(1, signatories + 1)
        ],
    }
    at = datetime(2026, 11, 1, tzinfo=UTC)
    pdf = rendering.render("documents/exemple.typ", data, at=at)
    boxes = rendering.boxes("documents/exemple.typ", data, at=at)
    return sealing.prepare(pdf, boxes, labels={})


def agreement(place=None, holder=None, *, signatories=2):
    """Drawn up and rendered; its round is not open yet."""
    place = place or PlaceFactory()
    holder = holder or OrganizationFactory(verified=True)
    number = next(_numbers)
    model, _ = Model.objects.get_or_create(
        organization=place.owner, case=LegalCase.COMMUNE_ASSOCIATION, name="Salle communale"
    )
    version, _ = ModelVersion.objects.get_or_create(
        model=model,
        number=1,
        defaults={
            "state": VersionState.PUBLISHED,
            "title": "Convention d’occupation",
            "legal_basis": "CGCT, article L. 2144-3",
            "published_at": clock.now(),
        },
    )
    document = documents.deposit(
        actor=SYSTEM,
        kind=DocumentKind.AGREEMENT,
        title="Convention à signer",
        content=prepared_pdf(signatories),
        media_type="application/pdf",
        owner_organization=place.owner,
    )
    return Agreement.objects.create(
        owner=place.owner,
        year=2026,
        sequence=number,
        number=f"CONV-2026-{place.owner_id}-{number}",
        version=version,
        place=place,
        holder_organization=holder,
        subject="Cours de danse",
        starts_on=date(2027, 1, 5),
        ends_on=date(2027, 6, 29),
        variables={"lieu": place.name},
        content={"articles": []},
        state=AgreementState.SIGNING,
        document=document,
    )


def wanted(number, *, party="Association des Tilleuls"):
    return [
        SignatoryWanted(
            role=ROLES[place],
            name=f"Camille Martin {place + 1}",
            email=f"signataire{place + 1}@example.org",
            capacity="présidente" if place == 0 else "maire",
            party=party if place == 0 else "Mairie de Voiron",
        )
        for place in range(number)
    ]


def open_round(*, signatories=2, days=20, place=None, **given):
    """The first signatory has received their link."""
    one = agreement(place, signatories=signatories)
    planned = rounds.plan_round(
        one,
        wanted(signatories),
        deadline=clock.now() + timedelta(days=days),
        actor=SYSTEM,
        **given,
    )
    return rounds.open_round(planned, one.document.file, actor=SYSTEM)


def signatory(round_, position=1):
    one = round_.signatories.get(position=position)
    one.round.refresh_from_db()
    return one


def last_email(one, kind=""):
    return (
        Email.objects.filter(cause__startswith=f"signatory:{one.pk}:{kind}").order_by("-pk").first()
    )


def token_of(one):
    """What the last letter's link says."""
    for email in Email.objects.filter(cause__startswith=f"signatory:{one.pk}:").order_by("-pk"):
        if found := re.search(r"/signer/([^/\s]+)/", email.text):
            return found[1]
    raise AssertionError(f"no link was sent to {one}")


def code_of(one):
    email = last_email(one, "code")
    return re.search(r"Votre code est (\d{3}\D\d{3})", email.text)[1]


def identified(one):
    """By the code, as a person would."""
    signing.send_code(one, trace=HERE)
    signing.identify(one, token_of(one), code_of(one), trace=HERE)
    one.refresh_from_db()
    return one


def consented(one):
    identified(one)
    signing.opened(one, "pdf", trace=HERE)
    one.refresh_from_db()
    one.round.refresh_from_db()
    signing.give_consent(
        one,
        name=one.name,
        capacity=one.capacity or "habitante",
        version=CURRENT,
        fingerprint=one.round.revision.sha256,
        trace=HERE,
    )
    one.refresh_from_db()
    return one


def work(round_):
    """What the worker does, in a thread of its own: a browser's event loop is not in its way."""

    def advance():
        try:
            advancing.advance(round_.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(advance).result()
