"""Where a signature belongs in a tagged PDF: beside what is written in its frame.

A screen reader follows the tree of tags. A field hung at the end of the tree would be read after
everything; it goes right after the last words drawn inside its frame instead.
"""

from __future__ import annotations

from typing import Any

import pikepdf

from preau.documents.rendering import Box

#: Tags inside a line of text: a field does not belong in one.
_INLINE = {"/Span", "/Strong", "/Em", "/Link", "/Lbl", "/Quote", "/Code"}
_SHOWS = {"Tj", "TJ", "'", '"'}


def insert_after_words(file: pikepdf.Pdf, box: Box, element: pikepdf.Object) -> None:
    """Hang an element in the tree after the words in the box; at the end if there are none."""
    page = file.pages[box.page - 1]
    words = _words_in(file, page, box)
    if words is None:
        parent, place = _last_parent(file), None
    else:
        while str(words.S) in _INLINE:
            words = words.P
        parent, place = words.P, words
    children = parent.get("/K", pikepdf.Array())
    if not isinstance(children, pikepdf.Array):
        children = pikepdf.Array([children])
    rank = len(children)
    for at, child in enumerate(children):
        if place is not None and isinstance(child, pikepdf.Dictionary):
            rank = at + 1 if child.objgen == place.objgen else rank
    children.insert(rank, element)
    element.P = parent
    parent.K = children


def _last_parent(file: pikepdf.Pdf) -> pikepdf.Object:
    """The document's own element, under the root of the tree."""
    root = file.Root.StructTreeRoot
    children = root.K
    first = children[0] if isinstance(children, pikepdf.Array) else children
    return first if isinstance(first, pikepdf.Dictionary) else root


def _words_in(file: pikepdf.Pdf, page: pikepdf.Page, box: Box) -> pikepdf.Object | None:
    top = float(page.mediabox[3])
    last: int | None = None
    for mark, x, y in _drawn(page):
        across = box.x <= x <= box.x + box.width
        if across and box.y <= top - y <= box.y + box.height:
            last = mark
    if last is None or "/StructParents" not in page.obj:
        return None
    tree = pikepdf.NumberTree(file.Root.StructTreeRoot.ParentTree)
    marks = tree.get(int(page.obj.StructParents))
    return marks[last] if marks is not None and last < len(marks) else None


def _drawn(page: pikepdf.Page) -> list[tuple[int, float, float]]:  # noqa: C901  one operator a line
    """Each piece of tagged text of a page: its mark, and where it begins."""
    found: list[tuple[int, float, float]] = []
    matrix, stack = pikepdf.Matrix(), []
    text = pikepdf.Matrix()
    marks: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands: list[Any] = list(instruction.operands)
        match str(instruction.operator):
            case "q":
                stack.append(matrix)
            case "Q":
                matrix = stack.pop()
            case "cm":
                matrix = _matrix(operands) @ matrix
            case "BT":
                text = pikepdf.Matrix()
            case "Tm":
                text = _matrix(operands)
            case "Td" | "TD":
                shift = pikepdf.Matrix(1, 0, 0, 1, float(operands[0]), float(operands[1]))
                text = shift @ text
            case "BDC" | "BMC":
                marks.append(_mark(operands))
            case "EMC":
                marks.pop()
            case shows if shows in _SHOWS:
                mark = next((one for one in reversed(marks) if one is not None), None)
                if mark is not None:
                    at = text @ matrix
                    found.append((mark, at.e, at.f))
    return found


def _matrix(operands: list[Any]) -> pikepdf.Matrix:
    return pikepdf.Matrix(*(float(one) for one in operands))


def _mark(operands: list[Any]) -> int | None:
    properties = operands[1] if len(operands) > 1 else None
    if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
        return int(properties.MCID)
    return None
