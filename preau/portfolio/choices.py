"""What the filters offer to somebody: their territory, their colleagues, the programmes."""

from __future__ import annotations

from functools import cached_property

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.core.french import by_name, rank
from preau.projects.models import Programme
from preau.projects.standing import Competence, competence_of
from preau.territories.models import Crte, Departement, Epci, Region

#: A longer list is no help: those are reached from their own pages.
MOST_LISTED = 120
ME, NOBODY = "moi", ""
Pairs = list[tuple[str, str]]


class Choices:
    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.competence: Competence | None = competence_of(actor)

    @property
    def is_state(self) -> bool:
        return self.competence is not None

    @cached_property
    def departements(self) -> list[Departement]:
        """Those of the service; the whole nation's for a national one."""
        if self.competence is None:
            return []
        found = Departement.objects.select_related("region").order_by("code")
        if self.competence.departements is not None:
            found = found.filter(code__in=self.competence.departements)
        return list(found)

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.departements]

    def of(self, name: str, asked: str) -> Pairs:
        """What a field offers, with what the address asks for even when the list leaves it out."""
        match name:
            case "programme":
                programmes = Programme.objects.filter(active=True).order_by(*by_name("name"))
                return [(str(one.pk), one.name) for one in programmes]
            case "departement":
                return [(one.code, str(one)) for one in self.departements]
            case "region":
                return self._regions()
            case "crte":
                return self._listed(Crte.objects.filter(active=True), "code", asked)
            case "epci":
                return self._listed(Epci.objects.filter(active=True), "siren", asked)
            case "charge":
                return self._people()
        raise ValueError(name)

    def _regions(self) -> Pairs:
        if self.competence is None or self.competence.departements is not None:
            return []
        return [(one.code, one.name) for one in Region.objects.order_by(*by_name("name"))]

    def _listed(self, rows: object, key: str, asked: str) -> Pairs:
        found = rows.filter(departement__in=self.codes).order_by(*by_name("name"))  # type: ignore[attr-defined]
        some = list(found[: MOST_LISTED + 1]) if self.codes else []
        if len(some) > MOST_LISTED:
            some = []
        if asked and asked not in {getattr(one, key) for one in some}:
            some += rows.filter(**{key: asked})  # type: ignore[attr-defined]
        return [(getattr(one, key), one.name) for one in some]

    def _people(self) -> Pairs:
        """Oneself, and the colleagues of the service."""
        if self.competence is None or self.actor.organization_id is None:
            return []
        colleagues = Membership.objects.filter(
            organization=self.actor.organization_id, ended_at=None
        ).select_related("user")
        others = [one.user for one in colleagues[:MOST_LISTED] if one.user != self.actor.user]
        others.sort(key=lambda one: rank(one.full_name))
        return [(ME, "Moi"), *((str(one.pk), one.full_name) for one in others)]

    # --- From what was chosen to the row

    def crte(self, code: str) -> Crte | None:
        return Crte.objects.filter(code=code).first() if code else None

    def epci(self, siren: str) -> Epci | None:
        return Epci.objects.filter(siren=siren).first() if siren else None

    def departement(self, code: str) -> Departement | None:
        return next((one for one in self.departements if one.code == code), None)

    def person(self, value: str) -> int | None:
        if value == ME:
            return self.actor.user_id
        return int(value) if value.isdecimal() else None
