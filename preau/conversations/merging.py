"""Organisations merged: threads shown to the one that ends are shown to the other."""

from __future__ import annotations

from preau.accounts.audiences import heirs
from preau.accounts.models import Organization
from preau.conversations.models import ThreadAudience


def move_audiences(source: Organization, target: Organization) -> None:
    for old, new in heirs(source.pk, target.pk):
        lines = ThreadAudience.objects.filter(key=old)
        both = ThreadAudience.objects.filter(key=new, thread__in=lines.values("thread"))
        # Whoever could write by one of the two lines still can.
        writers = lines.filter(may_write=True).values("thread")
        both.filter(may_write=False, thread__in=writers).update(may_write=True)
        lines.filter(thread__in=list(both.values_list("thread", flat=True))).delete()
        ThreadAudience.objects.filter(key=old).update(key=new)
