"""The tables of the documents room."""

from preau.documents.models.documents import Document, DocumentReader
from preau.documents.models.eliminations import Elimination, EliminationLine
from preau.documents.models.files import StoredFile
from preau.documents.models.journal import JournalAnchor, JournalEntry, JournalPrivate

__all__ = [
    "Document",
    "DocumentReader",
    "Elimination",
    "EliminationLine",
    "JournalAnchor",
    "JournalEntry",
    "JournalPrivate",
    "StoredFile",
]
