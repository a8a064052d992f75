"""A list of places sent by the town, and a file of open data."""

from functools import cached_property

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.directory.models import OpenDataFile, SheetBatch
from preau.documents import store


class ListsWorld:
    """Added to `samples_directory.DirectoryWorld`."""

    @cached_property
    def place_list(self):
        batch = SheetBatch.objects.create(
            made_by=self.people["administrator"][0],
            organization=self.town,
            file_name="lieux.csv",
            format="tableau",
            source="essai",
            headings=["id", "nom", "insee"],
            mapping=["id", "name", "code"],
            total=1,
        )
        batch.lines.create(number=2, cells=["1", "Maison", "38185"])
        return batch

    @cached_property
    def open_data_file(self):
        file = store.put(b"id,nom\r\n", "text/csv; charset=utf-8", actor=SYSTEM)
        return OpenDataFile.objects.create(format="csv", file=file, sheets=0, made_at=clock.now())

    @cached_property
    def open_data_name(self):
        assert self.open_data_file
        return "lieux.csv"


LISTS_SAMPLES_BY_ARGUMENT = {
    "list_id": lambda world: world.place_list.pk,
    "open_name": lambda world: world.open_data_name,
}
