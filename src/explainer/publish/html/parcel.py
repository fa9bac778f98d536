"""Text packed for the page's script: data files and earlier states, a fifth to a third of their size.

The page must hold them to need no server, and what only a script uses need not lie open. Browsers can unpack gzip,
but two builds of zlib need not write the same bytes; this packing is one short function on either side and always
writes the same: a copy of what stood before is ``~``, three signs for how far back and one for how long; of what
stood near, ``^`` and two signs suffice.
"""

from __future__ import annotations

import itertools
from collections import defaultdict

SIGNS = "".join(chr(n) for n in range(35, 126) if chr(n) not in "&'<\\`")
SHORTEST, LONGEST = 5, 5 + len(SIGNS) - 1
NEAR = len(SIGNS) ** 2
KEPT_PLACES = 60
_LITERAL = {"~": "~~", "<": "~!", "^": '~"'}


def pack(text: str) -> str:
    """Return text in packed form, without ``<``, so that nothing in it can end the element that holds it."""
    units = [0, *itertools.accumulate(1 + (ord(character) > 0xFFFF) for character in text)]  # a script counts UTF-16
    places: dict[str, list[int]] = defaultdict(list)
    made, here = [], 0
    while here < len(text):
        start, length = _longest(text, here, places, units)
        made.append(_copy(units, start, here, length) if length else _LITERAL.get(text[here], text[here]))
        for place in range(here, here + max(length, 1)):
            places[text[place : place + SHORTEST]].append(place)
        here += max(length, 1)
    return "".join(made)


def _longest(text: str, here: int, places: dict[str, list[int]], units: list[int]) -> tuple[int, int]:
    """Return where the longest copy of what follows begins, and its length; 0 when there is none."""
    best, longest, gain = 0, 0, SHORTEST - 1
    for start in reversed(places.get(text[here : here + SHORTEST], [])[-KEPT_PLACES:]):
        length = longest if text[start : start + longest] == text[here : here + longest] else 0
        while here + length < len(text) and text[start + length] == text[here + length]:
            if units[here + length + 1] - units[here] > LONGEST:
                break
            length += 1
        back = units[here] - units[start]
        worth = length - (back >= NEAR)  # a far copy takes one sign more
        if worth > gain and start + length <= here and back < len(SIGNS) ** 3:
            best, longest, gain = start, length, worth
    return best, longest


def _copy(units: list[int], start: int, here: int, length: int) -> str:
    back, long = units[here] - units[start], units[here + length] - units[here]
    base = len(SIGNS)
    far = "^" if back < NEAR else "~" + SIGNS[back // base**2]
    return far + SIGNS[back // base % base] + SIGNS[back % base] + SIGNS[long - SHORTEST]
