"""Addresses of the manager's answers to one booking."""

from django.urls import URLPattern, path

from preau.booking.views import answers, changes, pieces

ONE = "gerer/demandes/<slug:reference>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}accepter/", answers.accept, name="accept"),
    path(f"{ONE}refuser/", answers.refuse, name="refuse"),
    path(f"{ONE}demander-une-modification/", answers.ask_change, name="ask_change"),
    path(f"{ONE}deplacer/", answers.reschedule, name="reschedule"),
    path(f"{ONE}prix/", answers.price, name="price"),
    path("gerer/changements/<int:change_id>/accepter/", changes.accept, name="change_accept"),
    path("gerer/changements/<int:change_id>/refuser/", changes.refuse, name="change_refuse"),
    path("gerer/pieces/<int:piece_id>/accepter/", pieces.verify, name="piece_verify"),
    path("gerer/pieces/<int:piece_id>/remplacer/", pieces.reject, name="piece_reject"),
    path(f"{ONE}annuler/", answers.cancel, name="cancel_as_manager"),
]
