"""Words and addresses of the public pages: `{% load find %}`."""

from __future__ import annotations

from django import template

from preau.availability.queries.space import Slot
from preau.find import links, words
from preau.places.models import Space

register = template.Library()
register.filter("price_words", words.price_words)
register.filter("length_words", words.length_words)
register.filter("notice_words", words.notice_words)
register.filter("audience_words", words.audience_words)
register.filter("approval_words", words.approval_words)


@register.simple_tag
def booking_url(space: Space, slot: Slot) -> str:
    return links.booking_url(space, slot.period)
