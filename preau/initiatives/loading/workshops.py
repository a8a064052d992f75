"""Workshops, guests and watch notes, by what addresses say."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from preau.initiatives.models import WatchNote, Workshop, WorkshopGuest


def load_workshop(workshop_key: UUID) -> Workshop:
    found = Workshop.objects.select_related("organization__commune", "space__place")
    workshop = found.filter(key=workshop_key).first()
    if workshop is None:
        raise Http404("Aucun atelier ne porte cette adresse.")
    return workshop


def load_guest(workshop_guest_id: int) -> WorkshopGuest:
    found = WorkshopGuest.objects.select_related("workshop__organization")
    guest = found.filter(pk=workshop_guest_id).first()
    if guest is None:
        raise Http404("Cette personne n’est pas, ou plus, invitée.")
    return guest


def load_watch(watch_id: int) -> WatchNote:
    found = WatchNote.objects.select_related("organization")
    note = found.filter(pk=watch_id).first()
    if note is None:
        raise Http404("Cette note n’existe pas.")
    return note
