"""The agreement as a page: the words of the file, article by article, from the same frozen data."""

from __future__ import annotations

from typing import Any

from preau.agreements.models import Agreement


def text_of(agreement: Agreement) -> dict[str, Any]:
    """What was frozen for the template, with the headings that it writes."""
    return text_from(agreement.content)


def text_from(content: dict[str, Any]) -> dict[str, Any]:
    """The same, of a content that is nobody's yet: previews."""
    amended = content.get("amendment") is not None
    clauses = [
        *_headed(content.get("articles", []), "Article", "Article nouveau", amended),
        *_headed(content.get("annexes", []), "Annexe", "Annexe nouvelle", amended),
    ]
    return {
        "title": content.get("title", ""),
        "legal_basis": content.get("legal_basis", ""),
        "parties": content.get("parties", []),
        "amendment": content.get("amendment"),
        "clauses": clauses,
    }


def _headed(
    clauses: list[dict[str, Any]], word: str, new: str, amended: bool
) -> list[dict[str, Any]]:
    headed = []
    for rank, one in enumerate(clauses, start=1):
        number = one.get("number", 0) if amended else rank
        heading = f"{word} {number}. {one['title']}" if number else f"{new}. {one['title']}"
        headed.append(
            {
                "heading": heading,
                "basis": one.get("basis", ""),
                "text": one.get("text", ""),
                "table": one.get("table"),
            }
        )
    return headed
