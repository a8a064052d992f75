"""What the log says of an answer: one line for a refusal, all of it for a fault."""

from __future__ import annotations

import logging


class RefusalsInOneLine(logging.Filter):
    """Somebody who may not is no fault: the address is enough, without where it was refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
            record.exc_text = None
        return True
