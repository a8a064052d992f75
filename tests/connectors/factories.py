"""Démarches and dossiers, written as if they had been read; the least that is true."""

from datetime import timedelta

from preau.connectors.models import Dossier, Procedure
from preau.connectors.models.dossiers import PURPOSE
from preau.connectors.procedures import schema
from preau.connectors.procedures.readymade import proposed
from preau.connectors.procedures.states import Family, ProcedureState
from preau.core import clock
from preau.core.sealed import seal
from preau.integrations.demarches.champs import Champ
from preau.projects.models import FundingRequest

CHAMPS = (
    Champ("Q2hhbXAtMQ==", "Text", "Intitulé du projet", required=True),
    Champ("Q2hhbXAtMg==", "DecimalNumber", "Montant demandé"),
    Champ("Q2hhbXAtMw==", "PieceJustificative", "Délibération"),
)


def procedure(**more):
    """Published and confirmed."""
    number = Procedure.objects.count() + 900
    facts = {
        "path": f"demarche-{number}",
        "number": number,
        "title": "Demande de subvention",
        "revision": "r1",
        "champs": [schema.dumped(one) for one in CHAMPS],
        "fetched_at": clock.now(),
        "label": f"DETR n° {number}",
        "family": Family.DETR_DSIL,
        "state": ProcedureState.PUBLISHED,
        "published_at": clock.now(),
        "confirmed_at": clock.now(),
        **more,
    }
    made = Procedure(**facts)
    champs = schema.loaded(made.champs)
    known = {one.id: one for one, _ in schema.every(champs)}
    made.mapping = more.get("mapping") or {
        champ: {"source": source, "label": known[champ].label, "type": known[champ].type}
        for champ, source in proposed(Family(made.family), champs).items()
    }
    made.save()
    return made


def dossier(project, of=None, state="prefilled", **more):
    of = of or procedure()
    funding = FundingRequest.objects.create(project=project, label=of.label, asked_cents=50_000_00)
    number = Dossier.objects.count() + 5000
    facts = {
        "number": number,
        "sealed_token": seal(f"token-{number}", purpose=PURPOSE),
        "sealed_url": seal(f"http://service.example/commencer/{number}", purpose=PURPOSE),
        "expires_at": clock.now() + timedelta(days=5),
        "sent": [{"champ": "a", "label": "Intitulé", "origin": "Fiche", "text": "Halle"}],
        "payload": {"champ_a": "Halle"},
        **more,
    }
    return Dossier.objects.create(
        project=project, procedure=of, funding=funding, state=state, **facts
    )
