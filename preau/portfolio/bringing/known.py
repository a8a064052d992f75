"""What lines are read against, asked of the database once for many lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, Organization
from preau.core import clock
from preau.core.tables.cells import words
from preau.projects import answering
from preau.projects.enums import ProjectState
from preau.projects.models import ExternalRef, Programme, Project, StatePair
from preau.projects.standing import competence_of
from preau.territories import crte as crtes
from preau.territories.models import Commune, Crte, Epci
from preau.territories.queries import suggest


@dataclass(slots=True)
class Pair:
    """The services of a département, and who is in charge by default."""

    ddt_id: int
    prefecture_id: int
    in_charge_id: int
    #: E-mail → (service, person).
    agents: dict[str, tuple[int, int]] = field(default_factory=dict)


class Known:
    """Kept for a whole file; `prepare` is called for each part of it."""

    def __init__(self, actor: Actor, system: str) -> None:
        self.system = system
        service = competence_of(actor)
        #: None: everywhere.
        self.departements: frozenset[str] | None = frozenset()
        if actor.is_operator or actor.is_system:
            self.departements = None
        elif service is not None and service.decides:
            self.departements = service.departements
        self.programmes = {
            words(name): one
            for one in Programme.objects.filter(active=True)
            for name in (one.name, one.slug)
        }
        self.crtes: dict[str, Crte] = {}
        self.organizations: dict[str, Organization] = {}
        self.by_external: dict[str, Project] = {}
        self.by_reference: dict[str, Project] = {}
        self.mine: set[int] = set()
        self.external_seen: dict[str, int] = {}
        self._communes: dict[str, Commune | str] = {}
        self._epcis: dict[str, Epci | None] = {}
        self._mains: dict[str, Commune | None] = {}
        self._pairs: dict[str, Pair | None] = {}
        self._crte_codes: dict[str, str] = {}
        self._asked: set[str] = set()

    def may_bring(self, departement: str) -> bool:
        return self.departements is None or departement in self.departements

    def prepare(self, lines: Iterable[Mapping[str, str]]) -> None:
        """Ask at once for what these lines name."""
        lines = list(lines)

        def said(key: str) -> set[str]:
            return {line[key].strip() for line in lines if line.get(key)}

        refs = ExternalRef.objects.filter(system=self.system, external_id__in=said("external_id"))
        beside = ("project__communes", "project__programmes")
        found = refs.select_related("project").prefetch_related(*beside)
        self.by_external = {one.external_id: one.project for one in found}
        references = {one.upper() for one in said("reference")}
        # A project of ours sent back under its own reference, as our export names it.
        named = references | {one for one in said("external_id") if one.startswith("P-")}
        # A draft is its holder's alone: to everybody else it does not exist.
        projects = Project.objects.filter(reference__in=named).exclude(state=ProjectState.DRAFT)
        projects = projects.prefetch_related("communes", "programmes")
        self.by_reference = {one.reference: one for one in projects}
        for name in said("external_id") & self.by_reference.keys():
            self.by_external.setdefault(name, self.by_reference[name])
        self.mine = {
            one.pk
            for one in (*self.by_external.values(), *self.by_reference.values())
            if self.departements is None or self.departements & set(one.departement_codes)
        }
        sirets = {"".join(filter(str.isdigit, one)).zfill(14) for one in said("holder_siret")}
        verified = Organization.objects.filter(siret__in=sirets, verified_at__isnull=False)
        self.organizations = {one.siret: one for one in verified}
        self.crtes |= {one.pk: one for one in Crte.objects.filter(pk__in=said("crte"))}
        self._prepare_communes({part for text in said("communes") for part in _codes(text)})

    def _prepare_communes(self, codes: set[str]) -> None:
        wanted = codes - self._communes.keys()
        found = Commune.objects.filter(pk__in=wanted).select_related("departement", "epci")
        self._communes |= {one.pk: one for one in found if one.active}
        unknown = [one for one in codes if one in self._communes and one not in self._asked]
        self._asked |= set(unknown)
        self._ask_crte(unknown)

    def _ask_crte(self, codes: list[str]) -> None:
        today = clock.today(ZoneInfo("Europe/Paris"))
        self._crte_codes |= crtes.crtes_of(codes, today)
        missing = set(self._crte_codes.values()) - self.crtes.keys()
        self.crtes |= {one.pk: one for one in Crte.objects.filter(pk__in=missing)}

    def commune(self, text: str) -> Commune | str:
        """The commune meant; or, in a sentence, why none is."""
        code = _code(text)
        if code and code in self._communes:
            return self._communes[code]
        key = words(text)
        if key not in self._communes:
            self._communes[key] = _named(text, code, self.departements)
        return self._communes[key]

    def crte_of(self, commune: Commune) -> Crte | None:
        if commune.pk not in self._asked:
            self._asked.add(commune.pk)
            self._ask_crte([commune.pk])
        return self.crtes.get(self._crte_codes.get(commune.pk, ""))

    def epci(self, siren: str) -> Epci | None:
        if siren not in self._epcis:
            self._epcis[siren] = Epci.objects.filter(pk=siren).first()
        return self._epcis[siren]

    def main_commune(self, epci: Epci) -> Commune | None:
        """The most populated, of a département where one may bring projects in."""
        if epci.pk not in self._mains:
            there = Commune.objects.filter(epci=epci, active=True)
            if self.departements is not None:
                there = there.filter(departement__in=self.departements)
            ranked = there.select_related("departement", "epci").order_by("-population", "code")
            self._mains[epci.pk] = ranked.first()
        return self._mains[epci.pk]

    def pair(self, departement: str) -> Pair | None:
        if departement not in self._pairs:
            self._pairs[departement] = _pair(departement)
        return self._pairs[departement]


def _codes(text: str) -> list[str]:
    parts = text.replace("|", ";").replace(",", ";").split(";")
    return [code for code in map(_code, parts) if code]


def _code(text: str) -> str:
    """An INSEE code, as spreadsheets write it."""
    code = text.replace(" ", "").upper()
    if len(code) == 4 and code.isdigit():
        code = f"0{code}"
    return code if len(code) == 5 and code[-3:].isdigit() and code[0].isdigit() else ""


def _named(text: str, code: str, departements: frozenset[str] | None) -> Commune | str:
    if code:
        old = Commune.objects.filter(pk=code).first()
        if old is not None:
            return (
                f"La commune {code} ({old.name}) n’existe plus : écrivez le code de celle qui l’a"
                " remplacée."
            )
        return (
            f"Aucune commune n’a le code INSEE « {code} » : vérifiez-le (ce n’est pas le code"
            " postal)."
        )
    found = [one for one in suggest(text, 10) if words(one.name) == words(text)]
    here = [one for one in found if departements is None or one.departement_id in departements]
    if len(here) == 1 or (len(found) == 1 and not here):
        return (here or found)[0]
    if found:
        return f"Plusieurs communes s’appellent « {text[:60]} » : écrivez le code INSEE."
    return f"Aucune commune ne s’appelle « {text[:60]} » : vérifiez le nom, ou le code INSEE."


def _pair(departement: str) -> Pair | None:
    found = StatePair.objects.filter(departement=departement)
    pair = found.select_related("departement", "ddt__departement", "prefecture").first()
    if pair is None:
        return None
    answers = answering.who_answers(pair.ddt, departement=pair.departement)
    made = Pair(pair.ddt_id, pair.prefecture_id, answers.pk)
    services = {pair.prefecture.organization_id: pair.prefecture_id} | {
        pair.ddt.organization_id: pair.ddt_id
    }
    people = Membership.objects.filter(
        organization__in=services, ended_at=None, user__is_active=True
    ).select_related("user")
    for one in people:
        made.agents[one.user.email.lower()] = (services[one.organization_id], one.user_id)
    return made
