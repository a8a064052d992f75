"""What a mirror is, what it has sent, what it could not decide alone."""

from preau.mirrors.models.mirrors import Mirror, MirroredTable
from preau.mirrors.models.rows import Conflict, Hint, MirroredRow
from preau.mirrors.models.runs import MirrorRun

__all__ = ["Conflict", "Hint", "Mirror", "MirrorRun", "MirroredRow", "MirroredTable"]
