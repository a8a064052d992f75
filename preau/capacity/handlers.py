"""What this room does with the news of those below."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django.dispatch import receiver

from preau.capacity.actions.wanted import remember_failed_search
from preau.find.criteria import Criteria
from preau.find.events import search_failed

logger = logging.getLogger(__name__)


@receiver(search_failed)
def keep_failed_search(sender: Any, *, criteria: Criteria, **_: Any) -> None:
    """A figure is never worth a page: whoever searches sees nothing of its failure."""
    try:
        remember_failed_search(criteria)
    except DatabaseError as error:
        # Its class alone: the message may quote what was searched.
        logger.warning("A failed search was not kept (%s).", type(error).__name__)
