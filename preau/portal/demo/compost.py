"""The neighbourhood that composts: one project told whole, from a kit to a shared place."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.accounts.models import Organization, User
from preau.availability.models import Occupancy
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.conversations.models import Message, Thread, ThreadAudience
from preau.portal.demo.people import join, organization
from preau.portal.demo.projects import World
from preau.projects.causes import cause_of
from preau.projects.enums import (
    AssignmentState,
    BlockageState,
    EventKind,
    FundingState,
    PhaseStatus,
    ProjectRole,
    ProjectState,
    RecommendationState,
    StepState,
    Visibility,
)
from preau.projects.models import (
    Assignment,
    Blockage,
    FundingRequest,
    Project,
    ProjectCommune,
    ProjectEvent,
    ProjectMember,
    ProjectThread,
    Recommendation,
    RecommendationAnswer,
    Step,
)
from preau.projects.references import new_reference
from preau.projects.standing import audience, writers
from preau.resources.enums import BlockageKind, HelpKind, Phase, Theme

NAME = "Le compost du quartier"
PURPOSE = (
    "Un tiers de nos poubelles est fait de restes de repas. Avec le kit de la ville et l’accord de"
    " soixante voisins, nous voulons composter au pied des immeubles, puis partager les invendus."
)
DESCRIPTION = (
    "Une troisième poubelle, réservée aux déchets alimentaires, chez deux cents foyers ; trois"
    " composteurs de quartier ; une monnaie complémentaire acceptée par quatorze commerçants. Le"
    " compost part chaque semaine chez un exploitant agricole voisin, équipé d’une installation de"
    " méthanisation. Une fois par semaine, les invendus sont donnés ou vendus à très bas prix dans"
    " un lieu partagé ; une fois par mois, un chapiteau sur la place du marché réunit partage,"
    " cuisine et dégustation."
)
#: Days ago, what happened, said by whom ("us": the association; "state": its service).
PAST = (
    (300, EventKind.STATE, "us", "brouillon", "depose", ""),
    (298, EventKind.STATE, "state", "depose", "pris_en_compte", ""),
    (285, EventKind.STATE, "state", "pris_en_compte", "qualifie", ""),
    (270, EventKind.STATE, "state", "qualifie", "en_accompagnement", ""),
    (200, EventKind.PHASE, "us", "idee", "etude", "Soixante voisins ont signé."),
    (120, EventKind.PHASE, "us", "etude", "operation", "Les trois composteurs sont posés."),
)
LIFTED = (
    (260, 214, BlockageKind.REGLEMENTAIRE, "Faut-il une autorisation pour les composteurs ?",
     HelpKind.EXPERTISE, "Déclarer le site auprès de la métropole",
     "Sous une tonne par semaine et sans viande, une déclaration suffit : la métropole forme un"
     " référent de site.", "Un référent est formé, le site est déclaré."),
    (190, 150, BlockageKind.FINANCEMENT, "Il manque 9 000 € pour les composteurs et la tournée",
     HelpKind.FUNDING, "Ouvrir une campagne participative avec la ville",
     "Les habitants qui trient déjà sont vos premiers soutiens ; une entreprise voisine cherche à"
     " s’engager.", "Vingt jours ont suffi : 184 habitants, et une grande entreprise pour un"
     " tiers."),
    (140, 112, BlockageKind.PARTENAIRES, "Personne ne prend le compost mûr",
     HelpKind.EXPERTISE, "Réunir agriculteurs, maraîchers et jardin botanique",
     "La cellule d’innovation ouverte de la ville organise un atelier : les surplus des uns sont le"
     " besoin des autres.", "Un exploitant passe chaque semaine, camion vide au retour."),
)  # fmt: skip
STEPS = (
    ("Former un deuxième référent de site", 12, StepState.DOING),
    ("Signer avec le marché de gros pour les invendus", 25, StepState.TO_DO),
    ("Compter les seaux pesés du trimestre", 40, StepState.TO_DO),
    ("Poser les trois composteurs", -110, StepState.DONE),
)
WORDS = (
    ("us", "Le premier samedi a réuni cent dix personnes. Il nous faudrait un abri : il a plu."),
    ("state", "Bravo. Deux lieux proches sont libres le samedi matin : je vous les propose ici."),
    ("us", "Merci, nous visitons celui du haut du marché jeudi."),
)


def tell_compost(told: World) -> Project:
    """Write the project, its people, its past and the bookings made for it."""
    grenoble = told.communes[0]
    sarah = told.people.personas["compost"]
    association = organization(
        OrganizationKind.ASSOCIATION, "Le Compost des voisins", grenoble,
        "bonjour@compost.demo.example",
    )  # fmt: skip
    join(sarah, association, MembershipRole.ADMINISTRATOR)
    project = _project(told, association, sarah)
    _people(told, project)
    for days, kind, side, before, after, reason in PAST:
        _event(told, project, told.at(days), kind, side, (before, after), reason=reason)
    for story in LIFTED:
        _lifted(told, project, story)
    _standing(told, project)
    _steps_and_funding(told, project)
    _words(told, project)
    _bookings(project)
    return project


def _project(told: World, association: Organization, sarah: User) -> Project:
    grenoble = told.communes[0]
    service, who = told.state.service_for(Theme.DECHETS)
    filed = told.at(300)
    return Project.objects.create(
        reference=new_reference(),
        name=NAME, purpose=PURPOSE, description=DESCRIPTION,
        themes=[Theme.DECHETS, Theme.ALIMENTATION, Theme.VIE_ASSOCIATIVE, Theme.TIERS_LIEUX],
        state=ProjectState.ACCOMPANIED, phase=Phase.WORKS, phase_status=PhaseStatus.ONGOING,
        budget_cents=2_800_000, starts_on=filed.date(),
        lead_commune=grenoble, epci_id=grenoble.epci_id, crte_id=told.crtes.get(grenoble.code),
        departement_code=grenoble.departement_id, departement_codes=[grenoble.departement_id],
        latitude=grenoble.centre[0], longitude=grenoble.centre[1],
        holder_organization=association, contact_name=sarah.full_name,
        contact_function="Présidente", contact_email=association.official_email,
        contact_phone="04 76 00 00 00", filed_by=sarah, service_in_charge=service,
        in_charge=who[0], created_at=filed, deposited_at=filed, acknowledged_at=told.at(298),
        qualified_at=told.at(285), accompanied_at=told.at(270), first_advice_at=told.at(255),
        updated_at=told.at(2),
    )  # fmt: skip


def _people(told: World, project: Project) -> None:
    one, pair = told.people.personas, told.state.pair
    ProjectCommune.objects.create(project=project, commune=told.communes[0])
    town = told.people.towns[told.communes[0].code]
    ProjectMember.objects.create(
        project=project, organization=town, role=ProjectRole.SUPPORT, started_at=told.at(290)
    )
    ProjectMember.objects.create(
        project=project, user=one["entreprise"], role=ProjectRole.OBSERVER,
        started_at=told.at(150), invited_by=one["compost"],
    )  # fmt: skip
    for service, role in ((pair.ddt, ProjectRole.PILOT), (pair.prefecture, ProjectRole.SUPPORT)):
        Assignment.objects.create(
            project=project, service=service, role=role, state=AssignmentState.ACCEPTED,
            user=project.in_charge if role == ProjectRole.PILOT else None,
            theme=Theme.DECHETS, created_at=told.at(300), decided_at=told.at(298),
        )  # fmt: skip


def _event(
    told: World, project: Project, at: datetime, kind: EventKind, side: str,
    change: tuple[str, str], *, about: Blockage | Recommendation | None = None, reason: str = "",
) -> None:  # fmt: skip
    who = project.in_charge if side == "state" else told.people.personas["compost"]
    hat = project.service_in_charge if side == "state" else project.holder_organization
    ProjectEvent.objects.create(
        project=project, at=at, kind=kind, user=who, on_behalf_of=str(hat)[:160],
        before=change[0], after=change[1], reason=reason,
        subject=str(about or ""), subject_id=about.pk if about else None,
    )  # fmt: skip


def _lifted(
    told: World, project: Project,
    story: tuple[int, int, BlockageKind, str, HelpKind, str, str, str],
) -> None:  # fmt: skip
    opened, ended, kind, title, help_kind, advice, why, outcome = story
    advised = told.at(opened - 5)
    blockage = Blockage.objects.create(
        project=project, kind=kind, title=title, state=BlockageState.LIFTED,
        opened_at=told.at(opened), taken_at=advised, advised_at=advised, ended_at=told.at(ended),
        end_reason=outcome, declared_by=told.people.personas["compost"],
    )  # fmt: skip
    _event(told, project, blockage.opened_at, EventKind.BLOCKAGE, "us", ("", "ouvert"),
           about=blockage)  # fmt: skip
    answered = told.at(opened - 9)
    made = Recommendation.objects.create(
        project=project, blockage=blockage, kind=help_kind, title=advice, rationale=why,
        state=RecommendationState.REALISED, author=project.in_charge,
        on_behalf_of=str(project.service_in_charge), created_at=advised, sent_at=advised,
        seen_at=answered, answered_at=answered,
    )  # fmt: skip
    RecommendationAnswer.objects.create(
        recommendation=made, state=RecommendationState.REALISED, reason=outcome, helpful=True,
        user=told.people.personas["compost"], at=answered,
    )  # fmt: skip
    for at, side, change in (
        (advised, "state", ("", "proposee")),
        (answered, "us", ("proposee", "realisee")),
    ):
        _event(told, project, at, EventKind.RECOMMENDATION, side, change, about=made)
    _event(told, project, told.at(ended), EventKind.BLOCKAGE, "us", ("pris_en_charge", "leve"),
           about=blockage, reason=outcome)  # fmt: skip


def _standing(told: World, project: Project) -> None:
    """What still blocks today: a place for the distribution on Saturdays."""
    blockage = Blockage.objects.create(
        project=project, kind=BlockageKind.FONCIER, severity="2", opened_at=told.at(6),
        title="Il faut un abri pour la distribution du samedi matin",
        description="Une centaine de personnes, des tables, de l’eau ; dix-huit samedis par an.",
        need={"people": 60, "weekday": 5, "start": "09:00", "minutes": 180, "km": 10},
        state=BlockageState.OPEN, declared_by=told.people.personas["compost"],
    )  # fmt: skip
    _event(told, project, blockage.opened_at, EventKind.BLOCKAGE, "us", ("", "ouvert"),
           about=blockage)  # fmt: skip


def _steps_and_funding(told: World, project: Project) -> None:
    for title, days, state in STEPS:
        done = state == StepState.DONE
        Step.objects.create(
            project=project, title=title, state=state,
            owner=told.people.personas["compost"],
            due_on=(told.now + timedelta(days=days)).date(),
            ended_at=told.at(-days) if done else None,
        )  # fmt: skip
    FundingRequest.objects.create(
        project=project, label="Campagne participative", funder="Habitants et une entreprise",
        state=FundingState.GRANTED, asked_cents=900_000, granted_cents=1_120_000,
        asked_on=told.at(170).date(), decided_on=told.at(150).date(),
    )  # fmt: skip


def _words(told: World, project: Project) -> None:
    thread = Thread.objects.create(subject="Les samedis du partage", created_at=told.at(6))
    for key in (writers(project, Visibility.MEMBERS), audience(project, Visibility.MEMBERS)):
        ThreadAudience.objects.create(thread=thread, key=key, may_write=key.endswith("ecrit"))
    ProjectThread.objects.create(project=project, thread=thread, last_message_at=told.at(2))
    for number, (side, text) in enumerate(WORDS):
        state = side == "state"
        hat = project.service_in_charge if state else project.holder_organization
        Message.objects.create(
            thread=thread, body=text, on_behalf_of=str(hat)[:160],
            author=project.in_charge if state else told.people.personas["compost"],
            created_at=told.at(5 - number), idempotency_key=UUID(int=0xC0000 + number),
        )  # fmt: skip


def _bookings(project: Project) -> None:
    """Some evenings of the quarter's halls were the project's."""
    free = Booking.objects.filter(state=BookingState.CONFIRMED, agreement=None, caller_name="")
    there = free.filter(place__commune=project.lead_commune).order_by("-starts_at", "pk")
    chosen = list(there.filter(ends_at__lt=project.updated_at)[:5]) + list(
        there.filter(starts_at__gt=project.updated_at)[:1]
    )
    for booking in chosen:
        booking.cause, booking.purpose = cause_of(project), "Partage des invendus du marché"
        booking.requester, booking.organization = project.filed_by, project.holder_organization
        booking.save(update_fields=["cause", "purpose", "requester", "organization"])
        Occupancy.objects.filter(booking_date__booking=booking).update(
            label=booking.purpose, holder_organization=project.holder_organization
        )
