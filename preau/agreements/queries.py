"""Reads of the room: the library, the agreements, who may sign. (`queries_rounds`: signing.)"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from preau.accounts.actors import Actor
from preau.agreements.enums import AgreementState, AuthorityRole, LegalCase, VersionState
from preau.agreements.models import (
    Agreement,
    BoardOpinion,
    Model,
    ModelVersion,
    SigningAuthority,
)
from preau.core.french import by_name
from preau.places.models import Place

PAGE = 25

# --- The library


def published(model: Model) -> ModelVersion | None:
    """The version that new agreements are drawn up from."""
    return model.versions.filter(state=VersionState.PUBLISHED).order_by("-number").first()


def draft(model: Model) -> ModelVersion | None:
    return model.versions.filter(state=VersionState.DRAFT).first()


def national_models() -> QuerySet[Model]:
    return Model.objects.filter(organization=None).order_by("id")


def models_of(organization_id: int) -> QuerySet[Model]:
    """An organisation's own models, those in use first."""
    return (
        Model.objects.filter(organization=organization_id)
        .select_related("base__model")
        .annotate(
            drafts=Count("versions", filter=Q(versions__state=VersionState.DRAFT), distinct=True)
        )
        .order_by("is_archived", *by_name("name"))
    )


def usable_version(organization_id: int, case: LegalCase) -> ModelVersion | None:
    """What an organisation draws up for a case: its own model when it published one."""
    versions = ModelVersion.objects.filter(
        state=VersionState.PUBLISHED, model__case=case, model__is_archived=False
    ).select_related("model")
    own = versions.filter(model__organization=organization_id)
    return (
        own.order_by("-published_at").first()
        or versions.filter(model__organization=None).order_by("-number").first()
    )


def national_news(model: Model) -> ModelVersion | None:
    """The national version that came after the one this model was copied from."""
    if model.base is None:
        return None
    return (
        ModelVersion.objects.filter(
            model=model.base.model_id,
            state=VersionState.PUBLISHED,
            number__gt=model.base.number,
        )
        .order_by("-number")
        .first()
    )


# --- Who may sign


def authority_for(place: Place, role: AuthorityRole) -> SigningAuthority | None:
    """Who signs there: the place's own, else the organisation's."""
    living = SigningAuthority.objects.filter(ended_at=None, role=role)
    return (
        living.filter(place=place).first()
        or living.filter(organization=place.owner_id, place=None).first()
    )


def authorities_of(organization_id: int) -> QuerySet[SigningAuthority]:
    return (
        SigningAuthority.objects.filter(organization=organization_id, ended_at=None)
        .select_related("place", "delegation")
        .order_by("role", *by_name("place__name"), "id")
    )


def opinion_for(place: Place) -> BoardOpinion | None:
    """The last opinion recorded for a school."""
    return BoardOpinion.objects.filter(place=place).first()


# --- Agreements


def with_facts() -> QuerySet[Agreement]:
    return Agreement.objects.select_related(
        "owner",
        "place__owner",
        "place__commune",
        "version__model",
        "holder_user",
        "holder_organization",
        "document__file",
        "amends",
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of agreements, and where the next one starts."""

    rows: list[Agreement]
    after: int | None


def of_owner(
    organization_id: int, *, state: str = "", place: int | None = None, words: str = ""
) -> QuerySet[Agreement]:
    """An organisation's agreements, the newest first, as filtered."""
    found = with_facts().filter(owner=organization_id)
    if state in AgreementState.values:
        found = found.filter(state=state)
    if place:
        found = found.filter(place=place)
    if words:
        found = found.filter(
            Q(number__icontains=words)
            | Q(subject__icontains=words)
            | Q(holder_organization__name__icontains=words)
            | Q(holder_user__last_name__icontains=words)
        )
    return found.order_by("-id")


def page(found: QuerySet[Agreement], *, after: int | None = None) -> Page:
    """Keyset: those older than the last one seen."""
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def held_by(actor: Actor) -> QuerySet[Agreement]:
    """What the person, with the present hat, is a party to."""
    if actor.organization is not None:
        found = with_facts().filter(holder_organization=actor.organization)
    else:
        found = with_facts().filter(holder_user=actor.user)
    return found.order_by("-id")


def all_that_amend(agreement: Agreement) -> list[Agreement]:
    """The agreement and its amendments, in order."""
    first = agreement.amends_id or agreement.pk
    found = with_facts().filter(Q(pk=first) | Q(amends=first))
    return list(found.order_by("amendment"))
