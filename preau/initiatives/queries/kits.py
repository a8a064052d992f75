"""Kits as people read them, and how far a project has come with one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from preau.accounts.actors import Actor
from preau.core.french import by_name
from preau.initiatives.enums.kits import KitState, SupportState, WordsState
from preau.initiatives.models import (
    Kit,
    KitStep,
    KitUse,
    KitUseStep,
    KitVersion,
    Partnership,
    Support,
)
from preau.projects import causes
from preau.projects.filers import Filer
from preau.projects.models import Project
from preau.projects.queries.drafts import under_way

#: Kits on one page: beyond, one chooses a theme.
MOST_KITS = 120
#: Names shown on a page of support; the count says the rest.
MOST_NAMES = 100


def published(theme: str = "") -> QuerySet[KitVersion]:
    found = KitVersion.objects.filter(state=KitState.PUBLISHED)
    if theme:
        found = found.filter(themes__contains=[theme])
    with_steps = found.select_related("kit__organization").annotate(number_of_steps=Count("steps"))
    return with_steps.order_by(*by_name("title"), "pk")


def kept_by(actor: Actor) -> list[Kit]:
    """The kits that the hat may write: the operator's are everybody's."""
    if actor.is_operator:
        found = Kit.objects.all()
    elif actor.organization_id is not None:
        found = Kit.objects.filter(organization=actor.organization_id)
    else:
        return []
    return list(found.select_related("organization").prefetch_related("versions").order_by("slug"))


@dataclass(frozen=True, slots=True)
class Ticked:
    """A step of a kit in use, and who said it done."""

    step: KitStep
    tick: KitUseStep | None


@dataclass(frozen=True, slots=True)
class Progress:
    use: KitUse
    lines: list[Ticked]

    @property
    def done(self) -> int:
        return sum(one.tick is not None for one in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def next(self) -> KitStep | None:
        return next((one.step for one in self.lines if one.tick is None), None)


def progress_of(use: KitUse) -> Progress:
    ticks = {one.step_id: one for one in use.ticks.select_related("done_by")}
    return Progress(use, [Ticked(one, ticks.get(one.pk)) for one in use.version.steps.all()])


def uses_of(project: Project) -> list[Progress]:
    found = KitUse.objects.filter(project=project, removed_at=None)
    ordered = found.select_related("version__kit", "project").order_by("pk")[:10]
    return [progress_of(one) for one in ordered]


def currencies_of(project: Project) -> QuerySet[Partnership]:
    return Partnership.objects.filter(project=project)


def takers(actor: Actor) -> list[Project]:
    """The projects that somebody may put a kit on: at work, or still being written."""
    keys = [causes.key_in(one.key) for one in causes.offered(actor, ())]
    live = list(
        Project.objects.filter(key__in=[key for key in keys if key]).order_by(*by_name("name"))
    )
    return [*live, *under_way(Filer(actor))] if actor.user is not None else []


# --- Supports


@dataclass(frozen=True, slots=True)
class Supported:
    """What everybody reads of the supports of a page: first names and communes."""

    count: int
    names: list[Support]
    words: list[Support]


def supported(use: KitUse) -> Supported:
    given = use.supports.filter(state=SupportState.GIVEN).select_related("commune")
    words = given.filter(words_state=WordsState.SHOWN).order_by("-given_at")[:30]
    names = list(given.order_by("-given_at")[:MOST_NAMES])
    return Supported(given.count() + use.past_supports, names, list(words))


def words_to_read(use: KitUse) -> list[Support]:
    found = use.supports.filter(state=SupportState.GIVEN).exclude(words="")
    waiting = found.filter(Q(words_state=WordsState.WAITING)).select_related("commune")
    return list(waiting.order_by("given_at")[:100])


def support_of(use: KitUse, actor: Actor) -> Support | None:
    """The signed-in visitor's own."""
    if actor.user is None:
        return None
    return use.supports.filter(user=actor.user, state=SupportState.GIVEN).first()
