"""What a screen reader says of a PDF: the tree of tags in order, and the words each tag holds."""

import io
import re

import pikepdf


def spoken(pdf):
    """[(tag, text)] in the order of the tree; a form field says its name."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        words = {page.obj.objgen: _words(page) for page in file.pages}
        said = []
        _walk(file.Root.StructTreeRoot, None, None, words, said)
    return [(tag, text.replace("\u00a0", " ")) for tag, text in said]


def _walk(node, tag, page, words, said):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            said.append((tag, words[page].get(int(kid), "")))
        elif kid.get("/Type") == "/MCR":
            said.append(
                (tag, words[kid.get("/Pg").objgen if "/Pg" in kid else page].get(int(kid.MCID), ""))
            )
        elif kid.get("/Type") == "/OBJR":
            said.append((tag, str(kid.Obj.get("/TU", ""))))
        else:
            here = kid.Pg.objgen if "/Pg" in kid else page
            _walk(kid, str(kid.S).strip("/"), here, words, said)


def _words(page):
    """The text under each mark of a page."""
    fonts = {str(name): _letters(font) for name, font in page.resources.get("/Font", {}).items()}
    found, marks, letters = {}, [], {}
    for instruction in pikepdf.parse_content_stream(page):
        operands = list(instruction.operands)
        match str(instruction.operator):
            case "BDC" | "BMC":
                marks.append(_mark(operands, found))
            case "EMC":
                marks.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ":
                mark, spelled = next((one for one in reversed(marks) if one), (None, False))
                if mark is not None and not spelled:
                    found[mark] = found.get(mark, "") + _read(operands[0], letters)
    return found


def _mark(operands, found):
    """(mark, whether its text was given in full) or nothing."""
    properties = operands[1] if len(operands) > 1 else None
    if not isinstance(properties, pikepdf.Dictionary) or "/MCID" not in properties:
        return None
    mark = int(properties.MCID)
    if "/ActualText" in properties:
        found[mark] = found.get(mark, "") + str(properties.ActualText)
        return mark, True
    return mark, False


def _read(shown, letters):
    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    text = ""
    for piece in pieces:
        if isinstance(piece, pikepdf.String):
            raw = bytes(piece)
            text += "".join(letters[raw[at : at + 2]] for at in range(0, len(raw), 2))
    return text


def _letters(font):
    cmap = font.ToUnicode.read_bytes().decode("ascii")
    pairs = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            pairs[bytes.fromhex(code)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.S):
        for low, high, text in re.findall(
            r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
        ):
            first = int(text, 16)
            for step in range(int(high, 16) - int(low, 16) + 1):
                pairs[(int(low, 16) + step).to_bytes(2, "big")] = chr(first + step)
    return pairs
