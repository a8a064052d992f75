"""Files whose mediator has left the structure: told to its administrators, given to somebody."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, Organization, User
from preau.core import audit
from preau.core.errors import Refusal
from preau.core.formats import count
from preau.mediation import perms
from preau.mediation.actions.following import tell_handed
from preau.mediation.enums import FileState
from preau.mediation.models import FollowUpFile
from preau.mediation.people import administrators_of, heir_of, mediators_of
from preau.mediation.topics import FILES
from preau.notifications.actions import notify


@transaction.atomic
def reassign(file: FollowUpFile, to: User, *, actor: Actor) -> FollowUpFile:
    """Give it to somebody who mediates in the structure, oneself included: they alone read it.

    Raises:
        Refusal: they do not mediate there, or it is erased.
    """
    perms.require(actor, "mediation.reassign", file)
    rows = FollowUpFile.objects.select_for_update(of=("self",)).select_related("organization")
    file = rows.get(pk=file.pk)
    perms.require(actor, "mediation.reassign", file)  # given meanwhile
    if file.state == FileState.ERASED:
        raise Refusal("Ce dossier est effacé.", code="over")
    if not mediators_of(file.home_id).filter(user=to).exists():
        raise Refusal(
            "Choisissez une personne de la structure, hors gardiennage.", field="to", code="whose"
        )
    before = file.mediator_id
    file.mediator = to
    file.save(update_fields=["mediator"])
    audit.record(actor, "mediation.reassign", file, before=before, to=to.pk)
    tell_handed(file)
    return file


def tell_left(organization: Organization, mediator: User, files: int) -> bool:
    """The administrators, once for each departure."""
    home = heir_of(organization)
    if mediators_of(home).filter(user=mediator).exists():
        return False
    there = Membership.objects.filter(organization=home, user=mediator)
    departure = there.order_by("-pk").values_list("pk", flat=True).first() or 0
    words = count(files, "dossier de suivi n’a plus", "dossiers de suivi n’ont plus")
    told = notify(
        administrators_of(home),
        topic=FILES.key,
        title=f"{words} de médiateur",
        cause=f"follow-up:left:{organization.pk}:{mediator.pk}:{departure}",
        body="Confiez-les à un collègue, seul à les lire. Vous n’en voyez que la référence.",
        url="/mediation/suivis/",
    )
    return bool(told)
