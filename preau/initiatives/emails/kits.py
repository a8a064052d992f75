"""The letters of kits: confirming a support, telling the project's people."""

from __future__ import annotations

from django.urls import reverse

from preau.core import clock
from preau.initiatives import support_links
from preau.initiatives.models import Support
from preau.initiatives.topics.kits import SUPPORTS
from preau.notifications.actions import Notice, enqueue_email, tell
from preau.notifications.emails import compose
from preau.projects import recipients


def confirm(support: Support) -> None:
    """To an address that nobody has proved: it shows nothing of who else supports."""
    project = support.use.project
    text, html = compose(
        intro=(
            f"Quelqu’un a donné cette adresse pour soutenir « {project.name} ». Si c’est vous,"
            " confirmez : votre prénom et votre commune seront affichés, jamais votre adresse."
        ),
        facts=[("Commune", support.commune.name)],  # not the free words of whoever typed them
        button_label="Confirmer ou retirer mon soutien",
        button_url=support_links.page_for(support),
        next_steps=(
            "Ce n’est pas vous ? Ne faites rien : tout est effacé dans sept jours. Gardez ce"
            " courriel pour retirer votre soutien quand vous voulez."
        ),
    )
    day = clock.today().isoformat()
    enqueue_email(
        cause=f"initiatives.support:{support.pk}:{day}",
        recipient=support.email,
        subject=f"Confirmez votre soutien à « {project.name} »",
        text=text,
        html=html,
    )


def supported(support: Support) -> None:
    """To those who carry the project, in their daily summary."""
    project = support.use.project
    words = " avec un mot à relire avant publication" if support.words else ""
    title = f"{support.first_name} ({support.commune.name}) soutient « {project.name} »{words}"
    url = reverse("initiatives:kit_use", args=[support.use.key])
    tell(
        [
            Notice(one, SUPPORTS.key, title, f"initiatives.supported:{support.pk}", url=url)
            for one in recipients.holder_side(project)
        ]
    )
