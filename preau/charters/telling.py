"""Who is told what about an adhesion: the place's people, or the keeper's."""

from __future__ import annotations

from django.db.models import QuerySet

from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership, User
from preau.booking.approvers import people_for
from preau.booking.enums import Approver
from preau.charters.models import CharterAdhesion
from preau.charters.topics import CHARTERS
from preau.core import clock
from preau.core.formats import day
from preau.notifications.actions import notify

_KEEP = (MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR)


def keepers(adhesion: CharterAdhesion) -> QuerySet[User]:
    members = Membership.objects.filter(
        organization=adhesion.charter.keeper_id, ended_at=None, role__in=_KEEP
    )
    return User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("pk")


def hosts(adhesion: CharterAdhesion) -> QuerySet[User]:
    return people_for(Approver.ANY, adhesion.place)


def asked(adhesion: CharterAdhesion) -> None:
    _tell(
        keepers(adhesion),
        adhesion,
        "demandee",
        f"{adhesion.place} demande à adhérer à la charte « {adhesion.charter} »",
        "La charte est prête à signer : chaque signataire reçoit son lien par courriel.",
    )


def signed(adhesion: CharterAdhesion) -> None:
    assert adhesion.confirm_by is not None
    for people in (hosts(adhesion), keepers(adhesion)):
        _tell(
            people,
            adhesion,
            "signee",
            f"{adhesion.place} adhère à la charte « {adhesion.charter} »",
            f"Le label « {adhesion.charter.label} » s’affiche. L’adhésion est à confirmer avant le"
            f" {day(adhesion.confirm_by)}.",
        )


def to_confirm(adhesion: CharterAdhesion) -> None:
    assert adhesion.confirm_by is not None
    assert adhesion.label_ends_on is not None
    _tell(
        hosts(adhesion),
        adhesion,
        f"a_confirmer:{adhesion.confirm_by}",
        f"Confirmez l’adhésion de {adhesion.place} avant le {day(adhesion.confirm_by)}",
        f"Une page à relire, un bouton. Sans confirmation, le label « {adhesion.charter.label} »"
        f" ne s’affiche plus après le {day(adhesion.label_ends_on)}.",
    )


def lapsed(adhesion: CharterAdhesion) -> None:
    for people in (hosts(adhesion), keepers(adhesion)):
        _tell(
            people,
            adhesion,
            f"non_confirmee:{adhesion.confirm_by}",
            f"Le label « {adhesion.charter.label} » n’est plus affiché pour {adhesion.place}",
            "L’adhésion n’a pas été confirmée dans les délais. Elle peut l’être encore : le label"
            " revient aussitôt.",
        )


def suspended(adhesion: CharterAdhesion) -> None:
    _tell(
        hosts(adhesion),
        adhesion,
        "suspendue",
        f"L’adhésion de {adhesion.place} à « {adhesion.charter} » est suspendue",
        f"Motif donné par {adhesion.charter.keeper} : {adhesion.reason}",
        again=True,
    )


def reinstated(adhesion: CharterAdhesion) -> None:
    _tell(
        hosts(adhesion),
        adhesion,
        "reprise",
        f"L’adhésion de {adhesion.place} à « {adhesion.charter} » est de nouveau en vigueur",
        f"Le label « {adhesion.charter.label} » s’affiche de nouveau.",
        again=True,
    )


def left(adhesion: CharterAdhesion) -> None:
    _tell(
        keepers(adhesion),
        adhesion,
        "quittee",
        f"{adhesion.place} quitte la charte « {adhesion.charter} »",
        f"Motif : {adhesion.reason}",
    )


def _tell(
    people: QuerySet[User],
    adhesion: CharterAdhesion,
    what: str,
    title: str,
    body: str,
    *,
    again: bool = False,
) -> None:
    """`again`: it may happen several times to one adhesion."""
    once = f":{clock.now():%Y%m%d%H%M%S%f}" if again else ""
    notify(
        people,
        topic=CHARTERS.key,
        title=title,
        body=body,
        cause=f"charter-adhesion:{adhesion.pk}:{what}{once}",
        url=adhesion.get_absolute_url(),
    )
