"""Themes and publics of services, as the data·inclusion schema names them."""

from __future__ import annotations

from functools import cache

from data_inclusion.schema.v1 import Categorie, Public, Thematique


@cache
def themes() -> dict[str, str]:
    """Key → words, in the order of the schema."""
    return {one.value: _said(one.label) for one in Thematique}


@cache
def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a `<select>`: each category and its themes."""
    found = []
    for category in Categorie:
        start = f"{category.value}--"
        inside = [(key, words) for key, words in themes().items() if key.startswith(start)]
        found.append((_said(category.label), inside))
    return [group for group in found if group[1]]


@cache
def publics() -> dict[str, str]:
    return {one.value: _said(one.label) for one in Public}


def _said(words: str) -> str:
    return words.replace("'", "’")
