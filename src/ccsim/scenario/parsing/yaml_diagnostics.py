"""What somebody meant who does not know YAML by heart: its parser's complaints as slips of the pen.

A parser says where it gave up, which is often a line after the slip, and in words of its grammar.
Here the lines around that place are read as a person would: a space missing after a colon, a
bracket that is not closed, a line that is indented like none above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 200  # letters of a text in which slips are looked for
BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what the parser takes for the end of a line
_KEY = r"[A-Za-z_*#@.][\w*#@.-]*"
_START = r"[^\S\n]*(?:- +)?"
_ODD_INDENT = re.compile(r" *(?P<at>[^\S \t])")
_TAB_INDENT = re.compile(r" *(?P<at>\t+)(?=[^\s#])")
_LINES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*(?P<at>//)"), "a comment begins with #"),
    (re.compile(r"\s*(?P<at>```)"), "``` belongs to Markdown, not to a scenario; delete this line"),
    (
        re.compile(rf"{_START}{_KEY} *(?P<at>[\uff1a\ufe55])"),
        "this is another character than ':'; write a plain one, with a space after it",
    ),
    (
        re.compile(rf"{_START}{_KEY}:(?P<at>[^\S \t])"),
        "a space of another kind (perhaps pasted); write a plain one",
    ),
    (
        re.compile(rf"{_START}{_KEY}:(?P<at>[^\s/:])(?!.*: )"),
        "a space is missing after the ':': people: 10",
    ),
    (
        re.compile(rf"{_START}{_KEY} *(?P<at>=)(?=\s*\S)(?!.*: )"),
        "a key and its value are written with ':' and a space, not with '=': people: 10",
    ),
)
_BLOCK_KEY = re.compile(rf"{_START}{_KEY} *:(\s|$)")
_SECOND = re.compile(r"""^[^"'{\[]*?:\s+\S""")
_RESERVED = {
    "%": "a value cannot begin with '%': a share is written 80 %, and text stands in quotes",
    "\t": "a tab; indent with spaces",
}
_CLOSES = {"{": "}", "[": "]"}
_WHOLE = {"{": "map {...}", "[": "list [...]"}


_VALUES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("[“”„‟‘’‚«»].*"), 'typographic quotes: write plain ones (")'),
    (re.compile(r".*,\s*"), "leave the ',' at its end out"),
    (re.compile(r".*;\s*"), "leave the ';' at its end out"),
    (re.compile(r"(.*\s)?//.*"), "a comment begins with #"),
    (re.compile(r".*\S#.*"), "a comment needs a space before its #"),
    (re.compile(r"[-–—•·] ?[^\W\d].*"), "an item of a list begins with '- '"),
    (re.compile(r"\(.*\)"), "a list is written [a, b]"),
)
_PAIRS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w*@.-]+:\S.*"), "a space is missing after the ':'"),
    (re.compile(r"[\w*@.-]+\s*=.*"), "write ':' and a space in place of the '='"),
)
_OPEN_SINGLE = re.compile(r"(?:^|[:,\[{-])\s*(?P<at>')(?:[^']|'')*$")  # apostrophes follow a letter
_COMMENT = re.compile(r"[\"']?\s*:[ \t]+#\S")


@dataclass(frozen=True)
class Complaint:
    """The parser's: what it said, where it gave up, and where what it was reading began; lines and
    columns count from 0."""

    said: str
    at: tuple[int, int]
    began: tuple[int, int]


@dataclass(frozen=True)
class Slip:
    """What was meant, and where it stands: line and column from 1."""

    line: int
    column: int
    message: str


def slip_of(text: str, complaint: Complaint) -> Slip:
    """The most likely slip behind a complaint."""
    lines = BREAK.split(text)
    number, column = complaint.at
    for place, line in enumerate(lines[: number + 1]):
        if (match := _TAB_INDENT.match(line)) is not None:
            return Slip(place + 1, match.end("at"), "a tab; indent with spaces")
    before = _line_before(lines, number)
    if found := _odd_line(lines, before, number):
        return found
    line = lines[number] if number < len(lines) else ""
    said = complaint.said
    if "mapping values" in said:
        return _second_colon(lines, before, number, column)
    if "could not find expected ':'" in said:
        return _without_colon(lines, *complaint.began)
    if "expected ',' or" in said:
        return _not_closed(lines, complaint)
    if "expected key" in said or "expected <block end>" in said or "expected '-'" in said:
        return _does_not_fit(lines, before, number, column)
    if "unexpected end of stream" in said:
        return _at(complaint.began, "a quote is not closed")
    for fragments, where, message in _REASONS:
        if any(fragment in said for fragment in fragments):
            begins = {"at": complaint.at, "began": complaint.began}[where]
            sign = lines[begins[0]][begins[1] : begins[1] + 1] if begins[0] < len(lines) else ""
            told = _RESERVED.get(sign, message) if "token" in fragments[0] else message
            return _at(begins, told.format(sign=sign))
    if "node content" in said and line[column : column + 1] == ",":
        return _at(complaint.at, "two commas, and nothing between them")
    return _at(complaint.at, _OTHERS.get(said, f"is not YAML: {said}"))


def slip_in_value(value: object, *, pair: bool) -> str:
    """What may be wrong with a text that cannot stand where it stands, as the end of a sentence.
    `pair`: a key and its value were expected."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return ""
    kinds = (*_PAIRS, *_VALUES) if pair else _VALUES
    return next((f"; {words}" for kind, words in kinds if kind.fullmatch(value)), "")


def why_nothing(key: str | int) -> str:
    """Why a key may have no value: what was written is part of the key. Items have no keys."""
    if isinstance(key, int):
        return ""
    if key[:1].isdigit():
        if re.match(r"\d{3}(\D|$)", key):
            return "; a comma ends the value before it: thousands are written with a space, 14 400"
        return "; a comma ends the value before it: decimals are written with a point, 2.5 min"
    found = slip_in_value(key, pair=True)
    return found if found.endswith(tuple(words for _, words in _PAIRS)) else ""


def is_comment(after_key: str) -> bool:
    """Whether what was to be the value is a comment: `name: #1 desk`."""
    return _COMMENT.match(after_key) is not None


_OTHERS = {
    "did not find expected node content": "a value is missing: a list or a map is not closed",
}
_REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("cannot start any token",),
        "at",
        "a value cannot begin with '{sign}'; put the text in quotes",
    ),
    (
        ("alphabetic or numeric",),
        "began",
        "what begins with '{sign}' stands in quotes: \"*\"",
    ),
    (
        ("comment or line break", "comment or a line break", "mapping keys are not allowed"),
        "began",
        "a value cannot begin with '{sign}'; put the text in quotes",
    ),
    (
        ("sequence entries are not allowed",),
        "at",
        "a list item '-' cannot stand here: items have lines of their own; put a text in quotes",
    ),
    (
        ("unknown escape",),
        "at",
        "an unknown escape \\... in double quotes; use single quotes",
    ),
    (("undefined tag handle",), "at", "tags (!name) are not used here; put a text in quotes"),
)


def _at(place: tuple[int, int], message: str) -> Slip:
    return Slip(place[0] + 1, place[1] + 1, message)


def _line_before(lines: list[str], number: int) -> int:
    """The last line before it that is neither empty nor a comment; itself where there is none."""
    for before in range(min(number, len(lines)) - 1, -1, -1):
        if lines[before].strip() and not lines[before].lstrip().startswith("#"):
            return before
    return number


def _odd_line(lines: list[str], before: int, number: int) -> Slip | None:
    """A line that is wrong by itself: the one before the place, or that of the place."""
    for place in dict.fromkeys((before, number)):
        line = lines[place] if place < len(lines) else ""
        if (match := _ODD_INDENT.match(line)) is not None:
            code = f"U+{ord(match['at']):04X}"
            message = f"indented with a space of another kind ({code}); indent with plain spaces"
            return Slip(place + 1, match.start("at") + 1, message)
        for pattern, message in _LINES:
            if (match := pattern.match(line)) is not None:
                return Slip(place + 1, match.start("at") + 1, message)
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _second_colon(lines: list[str], before: int, number: int, column: int) -> Slip:
    """A ':' where no key can stand: the second of a line, or of a line that is indented further
    than one which has its value already."""
    line = lines[number]
    if _SECOND.match(line[:column]) or before == number:
        message = "a second ':' in the line; put the text in quotes, or begin a new line"
        return Slip(number + 1, column + 1, message)
    own, above = _indent(line), _indent(lines[before])
    if own > above:
        message = (
            f"indented by {own}, and the line above by {above}, which has its value already: keys "
            "of one block begin in the same column"
        )
        return Slip(number + 1, own + 1, message)
    return Slip(before + 1, above + 1, "a key without its ':'")


def _without_colon(lines: list[str], number: int, column: int) -> Slip:
    above = lines[_line_before(lines, number)].rstrip()
    if above.endswith(":"):
        return _at((number, column), "write the value behind its key, in the same line: people: 10")
    message = "a key without its ':' (text that goes on from the line above is indented further)"
    return _at((number, column), message)


def _not_closed(lines: list[str], complaint: Complaint) -> Slip:
    """In a list [...] or a map {...}: it is not closed, or lacks a comma."""
    (number, column), (first, start) = complaint.at, complaint.began
    line = lines[number] if number < len(lines) else ""
    opened, found = lines[first][start : start + 1], line[column : column + 1]
    for place in range(first, min(number + 1, len(lines))):
        if quote := _unpaired(lines[place], place):
            return quote
    if not found or (number > first and _BLOCK_KEY.match(line)):
        return _at((first, start), f"this {_WHOLE.get(opened, 'bracket')} is not closed")
    if found in "]}":
        return _at((number, column), f"what began with '{opened}' ends with '{found}'")
    if found == ":":
        left = line[:column].rstrip()
        column = len(left) - len(left.split()[-1]) if left.split() else column
    return _at((number, column), "a comma is missing before this")


def _unpaired(line: str, number: int) -> Slip | None:
    """A quote too many or too few in a line."""
    if (single := _OPEN_SINGLE.search(line)) is not None:
        return Slip(number + 1, single.start("at") + 1, "a quote (') is not closed in its line")
    quotes = [match.start() for match in re.finditer(r'(?<!\\)"', line)]
    if len(quotes) % 2 == 0:
        return None
    pairs = zip(quotes[::2], quotes[1::2], strict=False)
    odd = (first for first, last in pairs if re.search(r"[:,] ", line[first:last]))
    at = next(odd, quotes[-1])
    return Slip(number + 1, at + 1, 'quotes (") stand in pairs: one is missing, or one too many')


def _does_not_fit(lines: list[str], before: int, number: int, column: int) -> Slip:
    """A line of a block that is none of its keys or items."""
    line = lines[number] if number < len(lines) else ""
    found, left = line[column : column + 1], line[:column].rstrip()
    if quote := _unpaired(line, number):
        return quote
    if found and found in "]}":
        return _at((number, column), f"a '{found}' too many")
    if left.endswith(('"', "'")):
        for place in range(number - 1, -1, -1):  # where that quote was opened, if lines above
            if quote := _unpaired(lines[place], place):
                return quote
        return _at((number, column), "text after a closing quote; put the whole value in quotes")
    own = _indent(line)
    if column > own:
        return _at((number, column), "this does not fit the lines above; put the value in quotes")
    open_at: list[int] = []
    for above in reversed(lines[: before + 1]):
        if above.strip() and (not open_at or _indent(above) < open_at[0]):
            open_at.insert(0, _indent(above))
    if own in open_at:
        return _at(
            (number, column),
            "this line does not fit the lines above: items of a list begin with '- ', keys of a "
            "map do not",
        )
    told = ", ".join(map(str, open_at))
    return _at(
        (number, column),
        f"this line is indented by {own}, which none of the lines above are ({told})",
    )
