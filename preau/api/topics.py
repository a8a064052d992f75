"""What the room tells people about."""

from __future__ import annotations

from preau.notifications import topics
from preau.notifications.topics import Topic

WEBHOOKS = topics.register(
    Topic(
        "api.webhooks",
        "Webhooks arrêtés",
        "Un programme de votre structure ne répond plus : rien ne lui est plus envoyé.",
        mandatory=True,
    ),
    order=88,
)
