"""What is sent: JSON, whole, of a size that makes sense."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from preau.api.http import problems
from preau.api.http.problems import Problem

#: Bytes of a body; the longest that makes sense is a booking with long remarks.
LONGEST_BODY = 32_000


def check(request: HttpRequest) -> None:
    """
    Raises:
        Problem: it cannot be read as it came.
    """
    if request.method not in {"POST", "PUT", "PATCH"}:
        return
    try:
        size = len(request.body)
    except RequestDataTooBig:
        size = LONGEST_BODY + 1
    except UnreadablePostError as error:
        raise Problem(problems.BODY, "Le corps n’est pas arrivé en entier.") from error
    if size > LONGEST_BODY:
        raise Problem(problems.TOO_LONG, f"{LONGEST_BODY} octets au plus.")
    if request.content_type != "application/json":
        raise Problem(problems.MEDIA, "Envoyez « Content-Type: application/json ».")
