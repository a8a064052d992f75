"""How one wants to hear of each topic."""

from __future__ import annotations

from django import forms as fields

from preau.core import forms
from preau.notifications.enums import Channel
from preau.notifications.topics import Topic


class PreferencesForm(forms.Form):
    """One choice a topic that leaves one."""

    def __init__(self, data: object, *, topics: list[tuple[Topic, Channel]]) -> None:
        super().__init__(data)
        for topic, channel in topics:
            if topic.mandatory:
                continue
            self.fields[topic.key] = fields.ChoiceField(
                label=topic.label,
                help_text=topic.description,
                choices=[(one.value, one.label) for one in topic.channels],
                initial=channel,
                widget=fields.RadioSelect,
            )
