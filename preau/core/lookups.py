"""Comparing keys in the one way that a GiST index understands.

`place=17` is sent as an `integer` beside a `bigint` column. A b-tree knows how to compare the two;
GiST (btree_gist) does not, so that an index on (place, period) is walked by period alone: the
bookings of the whole country that week. `place__one_of=[17]` says `bigint`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, Lookup
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:  # generic for the type checker only
    _Lookup = Lookup


@ForeignKey.register_lookup
class OneOf(_Lookup):
    """The key is among these: an iterable of keys."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        keys = list(self.rhs)
        if len(keys) == 1:  # what any scan of the index can use; an array only suits a bitmap
            return f"{column} = %s::bigint", (*parameters, keys[0])
        return f"{column} = ANY(%s::bigint[])", (*parameters, keys)
