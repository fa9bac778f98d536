"""Reads a tagged PDF as an assistive technology does: its tree of tags, with the text of each in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf


@dataclass
class Tag:
    """One element of the structure tree; its content is text and tags in reading order."""

    kind: str
    lang: str = ""
    alt: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    content: list[str | Tag] = field(default_factory=list)
    links: int = 0
    spoken: dict[str, list[str]] = field(default_factory=dict)
    """Texts by the language that their marked content names, for the whole document (on the root only)."""

    def walk(self) -> Iterator[Tag]:
        """Yield this tag and all below it."""
        yield self
        for part in self.content:
            if isinstance(part, Tag):
                yield from part.walk()

    def all(self, *kinds: str) -> list[Tag]:
        """Return the tags of some kinds."""
        return [tag for tag in self.walk() if tag.kind in kinds]

    def text(self, without: tuple[str, ...] = ()) -> str:
        """Return the text, without that of some kinds of tags."""
        parts = (part if isinstance(part, str) else part.text(without) for part in self.content
                 if isinstance(part, str) or part.kind not in without)  # fmt: skip
        return "".join(parts)


class _Letters:
    """Turns the codes of a font into characters, by its ToUnicode map."""

    def __init__(self, font: pikepdf.Object) -> None:
        text = font.ToUnicode.read_bytes().decode("latin-1") if "/ToUnicode" in font else ""
        self.map: dict[int, str] = {}
        for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
            for code, to in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                self.map[int(code, 16)] = bytes.fromhex(to).decode("utf-16-be")
        for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
            for low, high, to in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                start = int.from_bytes(bytes.fromhex(to))
                for n, code in enumerate(range(int(low, 16), int(high, 16) + 1)):
                    self.map[code] = (start + n).to_bytes(len(to) // 2).decode("utf-16-be")

    def read(self, codes: bytes) -> str:
        pairs = (int.from_bytes(codes[n : n + 2]) for n in range(0, len(codes), 2))
        return "".join(self.map.get(code, "") for code in pairs)


def _marked(
    page: pikepdf.Page, fonts: dict[tuple[int, int], _Letters], languages: dict[tuple[int, int, int], str]
) -> dict[int, str]:
    """Return the text of a page by marked content, and note the language where one is named."""
    found: dict[int, str] = {}
    open_: list[tuple[int | None, str | None]] = []
    letters = None
    named = page.resources.get("/Font", {}) if "/Resources" in page.obj else {}
    for operands, operator in pikepdf.parse_content_stream(page, "BDC BMC EMC Tf Tj TJ"):
        match str(operator):
            case "BDC" | "BMC":
                told = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
                number = int(told["/MCID"]) if "/MCID" in told else open_[-1][0] if open_ else None
                instead = str(told["/ActualText"]) if "/ActualText" in told else None
                if "/Lang" in told and number is not None:
                    languages[*page.obj.objgen, number] = str(told["/Lang"])
                open_.append((number, instead))
                if instead and number is not None:
                    found[number] = found.get(number, "") + instead
            case "EMC":
                open_.pop()
            case "Tf":
                font = named[str(operands[0])]
                letters = fonts.get(font.objgen) or _Letters(font)
                fonts[font.objgen] = letters
            case "Tj" | "TJ":
                if open_ and open_[-1][0] is not None and not any(instead for _, instead in open_):
                    parts = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                    codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                    found[open_[-1][0]] = found.get(open_[-1][0], "") + letters.read(codes)
    return found


def tree(pdf: pikepdf.Pdf) -> Tag:
    """Return the structure tree of a PDF with its text."""
    fonts: dict[tuple[int, int], _Letters] = {}
    languages: dict[tuple[int, int, int], str] = {}
    pages = {page.obj.objgen: _marked(page, fonts, languages) for page in pdf.pages}
    root = _tag(pdf.Root.StructTreeRoot, pages, None)
    for (*page, number), language in languages.items():
        root.spoken.setdefault(language, []).append(pages[tuple(page)].get(number, "").strip())
    return root


def _tag(node: pikepdf.Object, pages: dict[tuple[int, int], dict[int, str]], page: Any) -> Tag:
    own = node.get("/Pg", page)
    attributes = node.get("/A", {})
    attributes = [attributes] if not isinstance(attributes, pikepdf.Array) else list(attributes)
    told = {str(k): v for one in attributes if isinstance(one, pikepdf.Dictionary) for k, v in one.items()}
    tag = Tag(str(node.get("/S", "")).lstrip("/"), str(node.get("/Lang", "")), str(node.get("/Alt", "")), told)
    kids = node.get("/K", [])
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            tag.content.append(pages[own.objgen].get(int(kid), ""))
        elif "/MCID" in kid:
            tag.content.append(pages[kid.get("/Pg", own).objgen].get(int(kid.MCID), ""))
        elif kid.get("/Type") == "/OBJR":
            tag.links += 1
        else:
            tag.content.append(_tag(kid, pages, own))
    return tag
