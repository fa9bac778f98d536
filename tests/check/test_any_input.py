"""Whatever stands in a table, a notebook, report.toml or an option: one clear error, no traceback."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import TINY, Tiny

ODD = st.sampled_from(["", " ", "=1+2", "\u202e", "\x00", "２０２４", "9" * 400, "-", ";", "[@", "term:", "2206-01-01",
                       "é" * 6000, "|", "\\", "$", "<script>", "{{", "%s", "../..", "\ue000x:y\ue001"])  # fmt: skip
TEXT = ODD | st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
VALUES = st.sampled_from(["5", "-1", "1e400", '"x"', '""', "[]", "[[1]]", "{}", "{a = 1}", "1979-05-27T07:32:00Z",
                          "07:32:00", "2024-04-01", "nan", "inf", '"\\u202e"', "[1, 'a']", "'../x'"])  # fmt: skip
OPTIONS = st.sampled_from(
    ["--edition", "--as-of", "--port", "--report", "--json", "--all", "-p", "csl", "spring", "latest"]
)
COMMANDS = st.sampled_from(["export", "diff", "retire", "new-chapter", "check", "add", "data", "nonsense"])
FILES = [
    p.relative_to(TINY).as_posix() for p in sorted(TINY.rglob("*")) if p.suffix in (".csv", ".yaml", ".toml", ".ipynb")
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every part of a value as JSON has it."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(way for key, part in below for way in places(part, (*path, key)))]


def damaged(draw: Callable[..., Any], name: str, content: bytes) -> bytes:
    """Return a file with one thing wrong in it."""
    kind = draw(st.sampled_from(["bytes", "line", "own"]))
    if kind == "bytes":
        start = draw(st.integers(0, len(content)))
        return content[:start] + draw(st.binary(max_size=6)) + content[start + draw(st.integers(0, 40)) :]
    lines = content.decode().splitlines()
    at = draw(st.integers(0, len(lines) - 1))
    if kind == "line":
        lines[at : at + 1] = draw(st.sampled_from([[], [lines[at]] * 2, [draw(TEXT)], [lines[at] + draw(TEXT)]]))
    elif name.endswith(".ipynb"):
        nb = json.loads(content)
        *way, last = draw(st.sampled_from(places(nb)[1:]))
        part = nb
        for step in way:
            part = part[step]
        part[last] = draw(JSON)
        return json.dumps(nb).encode()
    elif name.endswith(".csv"):
        cells = lines[at].split(",")
        cells[draw(st.integers(0, len(cells) - 1))] = draw(TEXT)
        lines[at] = ",".join(cells)
    else:
        sign = "=" if name.endswith(".toml") else ":"
        lines[at] = lines[at].partition(sign)[0] + f"{sign} " + draw(VALUES)
    return "\n".join(lines).encode(errors="surrogatepass")


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_input_gives_a_traceback(tiny: Tiny, data):
    name = data.draw(st.sampled_from(FILES))
    path = tiny.folder / name
    try:
        path.write_bytes(damaged(data.draw, name, (TINY / name).read_bytes()))
        status, said = tiny.ask("check")
    finally:
        path.write_bytes((TINY / name).read_bytes())
    assert status in (0, 1) and "Traceback" not in said, said


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(command=COMMANDS, rest=st.lists(OPTIONS | TEXT, max_size=4))
def test_no_option_gives_a_traceback(tiny: Tiny, command, rest):
    status, said = tiny.ask(command, *rest)
    assert status in (0, 1, 2) and "Traceback" not in said, said
