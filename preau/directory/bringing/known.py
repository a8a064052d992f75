"""What is known around the lines of a part: communes, sheets of the list, sheets nearby."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from preau.directory.duplicates import LIVE, THRESHOLD, Likeness, Probe, likeness, probe_of
from preau.directory.formats.records import Record
from preau.directory.models import ListedFields, Sheet, SheetReference
from preau.territories.distances import km_between
from preau.territories.models import Commune
from preau.territories.names import search_key
from preau.territories.queries import nearest_commune

#: Beyond, the position or the commune is wrong; from the first on, it is worth a look.
FAR_KM, TOO_FAR_KM = 25.0, 80.0
_ARRONDISSEMENTS = {"751": "75056", "6938": "69123", "132": "13055"}


class Known:
    """Asked in a few queries for each part of a file, whatever its size."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.communes: dict[str, Commune] = {}
        self.by_name: dict[tuple[str, str], Commune] = {}
        self.sheets: dict[str, Sheet] = {}
        self.listed: dict[int, ListedFields] = {}
        self.near: dict[str, list[tuple[Sheet, Probe]]] = {}
        self.by_departement: dict[str, list[Commune]] = {}

    def prepare(self, records: Sequence[Record]) -> None:
        self._communes(records)
        for record in records:
            self.settle(record)
        names = [one.external_id for one in records if one.external_id]
        references = SheetReference.objects.filter(source=self.source, external_id__in=names)
        found = references.select_related("sheet__commune", "sheet__manager", "sheet__merged_into")
        self.sheets = {one.external_id: _living(one.sheet) for one in found}
        keys = [sheet.pk for sheet in self.sheets.values()]
        rows = ListedFields.objects.filter(sheet__in=keys, source=self.source)
        self.listed = {one.sheet_id: one for one in rows}
        self._near({one.commune_code for one in records if one.external_id not in self.sheets})

    def _communes(self, records: Sequence[Record]) -> None:
        codes = {_whole_town(one.commune_code) for one in records}
        rows = Commune.objects.select_related("departement")
        self.communes = {one.code: one for one in rows.filter(code__in=codes)}
        keys = {search_key(one.commune_name) for one in records if one.commune_name}
        self.by_name = {}
        for commune in rows.filter(search_key__in=keys, active=True):
            for postcode in commune.postcodes:
                self.by_name[commune.search_key, postcode] = commune

    def settle(self, record: Record) -> None:
        """Find the commune of a record, and see that its position is there."""
        code = _whole_town(record.commune_code)
        commune = self.communes.get(code) or self._elsewhere(record, code)
        if commune is None:
            said = record.commune_code or f"{record.postcode} {record.commune_name}".strip()
            why = f"Aucune commune « {said} »" if said else "La commune manque"
            record.wrong("commune", f"{why} : donnez son code INSEE.")
            record.commune_code = ""
            return
        record.commune_code, self.communes[commune.code] = commune.code, commune
        _measure(record, commune)

    def _elsewhere(self, record: Record, code: str) -> Commune | None:
        """By its name and postcode, where it stands, or the name of the place; always said."""
        how = f"Le code {code} n’existe plus ou pas : " if code else ""
        named = self.by_name.get((search_key(record.commune_name), record.postcode))
        if named is not None:
            if code:
                record.note("commune", f"{how}{named} est retenue, par le nom.")
            return named
        if record.latitude is not None and record.longitude is not None:
            nearest = nearest_commune(record.latitude, record.longitude)
            if nearest is not None and _same_departement(nearest, record):
                record.note("commune", f"{how}{nearest} est retenue, par la position : vérifiez.")
                return nearest
        if not code and not record.commune_name and record.departement_code:
            found = self._in_the_name(record)
            if found is not None:
                record.note("commune", f"{found} est retenue, par le nom du lieu : vérifiez.")
            return found
        return None

    def _in_the_name(self, record: Record) -> Commune | None:
        """« Antenne de Rouans », in département 44 → Rouans: the longest name found whole."""
        departement = record.departement_code
        if departement not in self.by_departement:
            rows = Commune.objects.filter(departement=departement, active=True)
            self.by_departement[departement] = list(rows.select_related("departement"))
        text = f" {search_key(str(record.fields.get('name', '')))} "
        found = [one for one in self.by_departement[departement] if f" {one.search_key} " in text]
        return max(found, key=lambda one: len(one.search_key), default=None)

    def _near(self, codes: set[str]) -> None:
        """Live sheets of these communes that the same list does not already name."""
        theirs = SheetReference.objects.filter(source=self.source).values("sheet")
        rows = Sheet.objects.filter(commune__in=codes - {""}, state__in=LIVE).exclude(pk__in=theirs)
        near: dict[str, list[tuple[Sheet, Probe]]] = defaultdict(list)
        for sheet in rows.select_related("commune", "manager"):
            near[sheet.commune_id].append((sheet, probe_of(sheet)))
        self.near = near

    def double(self, record: Record) -> tuple[Sheet, Likeness] | None:
        """The sheet that is most probably of the same place."""
        field = record.fields.get
        commune = self.communes[record.commune_code]
        probe = Probe(
            name=field("name", ""),
            commune_code=record.commune_code,
            commune_name=commune.name,
            latitude=record.latitude,
            longitude=record.longitude,
            address=field("address", ""),
            phone=field("phone", ""),
            siret=field("siret", ""),
        )
        scored = [(one, likeness(probe, other)) for one, other in self.near[record.commune_code]]
        kept = [pair for pair in scored if pair[1].score >= THRESHOLD]
        return max(kept, key=lambda pair: (pair[1].score, -pair[0].pk)) if kept else None


def _living(sheet: Sheet) -> Sheet:
    """A sheet that was merged leads to the one that stays."""
    return sheet.merged_into or sheet


def _whole_town(code: str) -> str:
    """Paris, Lyon and Marseille are one commune each here."""
    for start, town in _ARRONDISSEMENTS.items():
        if code.startswith(start):
            return town
    return code


def _same_departement(commune: Commune, record: Record) -> bool:
    known = record.departement_code or record.commune_code[:2] or record.postcode[:2]
    return not known or commune.departement_id.startswith(known[:2])


def _measure(record: Record, commune: Commune) -> None:
    if record.latitude is None or record.longitude is None:
        if not any(column == "latitude" for column, _ in record.problems):
            record.note("latitude", f"Sans position : placé au centre de {commune.name}.")
        return
    km = km_between(record.latitude, record.longitude, *commune.centre)
    if km > TOO_FAR_KM and not record.fields.get("is_itinerant"):
        record.wrong(
            "latitude", f"À {km:.0f} km de {commune} : la position ou la commune est fausse."
        )
    elif km > FAR_KM:
        record.note("latitude", f"À {km:.0f} km du centre de {commune} : vérifiez.")
