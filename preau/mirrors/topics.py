"""What mirrors tell people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

MIRRORS = topics.register(
    Topic(
        "mirrors.runs",
        "Miroirs Grist que je tiens",
        "Une longue synchronisation est finie, ou un miroir attend que vous fassiez quelque chose.",
    ),
    order=97,
)
