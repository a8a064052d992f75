"""What an action raises when it must say no."""

from __future__ import annotations


class Refusal(Exception):
    """A request the rules do not allow, with the sentence the person reads.

    Attributes:
        sentence: French, complete, says what happened and what to do.
        field: the form field concerned, or "" for the whole form.
        code: short machine name, stable, for the API and the tests.
    """

    def __init__(self, sentence: str, *, field: str = "", code: str = "refused") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = code


class Forbidden(Refusal):
    """The person may not do this at all (HTTP 403)."""

    def __init__(self, sentence: str = "Vous n’avez pas le droit de faire cette action.") -> None:
        super().__init__(sentence, code="forbidden")
