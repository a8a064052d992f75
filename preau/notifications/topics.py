"""What one can be told about. Each room registers its topics in its `AppConfig.ready`."""

from __future__ import annotations

from dataclasses import dataclass

from preau.notifications.enums import Channel


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of a person's preferences.

    Attributes:
        key: stable, stored ("booking.messages").
        label, description: what the person reads on the preferences page.
        default: how they hear of it until they choose.
        mandatory: always by e-mail, at once: a decision on their request, a code.
        can_wait: False when the next morning would be too late; the daily summary is not offered.
    """

    key: str
    label: str
    description: str = ""
    default: Channel = Channel.AT_ONCE
    mandatory: bool = False
    can_wait: bool = True

    @property
    def channels(self) -> list[Channel]:
        """What a person may choose."""
        if self.mandatory:
            return [Channel.AT_ONCE]
        return [one for one in Channel if self.can_wait or one != Channel.DIGEST]


#: Not a topic: the daily summary as a whole, in links that stop it.
DIGEST_KEY = "resume"

_topics: dict[str, tuple[int, Topic]] = {}


def register(topic: Topic, *, order: int = 100) -> Topic:
    """Offer a topic; registering the same key again replaces it."""
    _topics[topic.key] = (order, topic)
    return topic


def get(key: str) -> Topic:
    """A topic by its key.

    Raises:
        KeyError: no room registers it: a mistake of ours, seen by the first test that tells it.
    """
    return _topics[key][1]


def find(key: str) -> Topic | None:
    """The same for a key read from the outside or from an old row."""
    return _topics[key][1] if key in _topics else None


def all_topics() -> list[Topic]:
    """In the order of the preferences page."""
    return [topic for _, topic in sorted(_topics.values(), key=lambda one: (one[0], one[1].key))]
