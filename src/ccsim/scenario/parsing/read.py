"""YAML text -> nodes with places. The only importer of the YAML library.

The event stream is read, not the loader's data: loaders read `9:30` as 570, keep the last of two
equal keys and recurse without bound. Scalars follow YAML 1.2's core rules, with `yes` and `no` as
booleans beside `true` and `false`. Refused, each with its place: aliases, anchors, tags, duplicate
keys, merge keys, several documents, nesting beyond 64, files beyond 500 kB or 10 000 values, texts
beyond 10 000 characters, NaN and infinity, numbers beyond 10^15, control characters, text that is
not UTF-8. The bounds are more than ten times what the largest scenarios hold, and small enough that
any file is refused within a tenth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from ccsim.errors import ScenarioError, ScenarioProblems
from ccsim.scenario.parsing.other_files import WHAT_IT_IS, is_binary, what_else, why_missing
from ccsim.scenario.parsing.tree import Entry, Node, Place
from ccsim.scenario.parsing.yaml_diagnostics import BREAK, Complaint, is_comment, slip_of
from ccsim.units import MAX_NUMBER

MAX_BYTES: Final = 500_000
MAX_NODES: Final = 10_000
MAX_DEPTH: Final = 64
MAX_TEXT: Final = 10_000  # characters of one value
MAX_KEY: Final = 200

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9]+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d\d0")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[-+]?(inf|nan|NaN|Infinity)")
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO"), False),
}
_OTHER_CODINGS: Final = (  # how a file begins: byte-order marks, or every other byte nought
    ((b"\xff\xfe\0\0", b"\0\0\xfe\xff"), "UTF-32"),
    ((b"\xff\xfe", b"\xfe\xff", b"c\0", b"\0c", b"#\0", b"\0#"), "UTF-16"),
)
_INVISIBLE = re.compile("[\xad\u200b\u2060]")  # a soft hyphen, spaces of no width
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """One problem that ends the reading: what follows it cannot be trusted."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.line, self.column, self.message = line, column, message
        super().__init__(message)


def read_file(path: Path, shown: str) -> Node:
    """The file's content as nodes; raises `ScenarioProblems`. `shown` is its name in errors."""
    try:
        if path.is_dir():
            raise _Refused(0, 0, "this is a folder, not a scenario file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _problems(shown, _Refused(0, 0, why_missing(path))) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the name is no file name"
        raise _problems(shown, _Refused(0, 0, f"cannot be read: {why}")) from None
    except _Refused as refused:
        raise _problems(shown, refused) from None
    return read_bytes(data, shown)


def read_bytes(data: bytes, shown: str) -> Node:
    """UTF-8 text (with or without a byte-order mark) as nodes; raises `ScenarioProblems`."""
    try:
        if (otherwise := what_else(data)) is not None:
            raise _Refused(0, 0, otherwise)
        if len(data) > MAX_BYTES:
            raise _Refused(0, 0, f"larger than {MAX_BYTES // 1000} kB: not a scenario file")
        return _build(_decode(data), shown)
    except _Refused as refused:
        raise _problems(shown, refused) from None


def read_text(text: str, shown: str) -> Node:
    """The same for text at hand, such as the value of an option."""
    return read_bytes(text.encode("utf-8", "surrogatepass"), shown)


def _problems(shown: str, refused: _Refused) -> ScenarioProblems:
    return ScenarioProblems(
        [ScenarioError(shown, refused.line, refused.column, "", refused.message)]
    )


def _decode(data: bytes) -> str:
    for marks, coding in _OTHER_CODINGS:
        if data.startswith(marks):
            raise _Refused(1, 1, f"saved as {coding}; save it as UTF-8")
    if is_binary(data):
        raise _Refused(0, 0, f"this is no text, but a binary file; {WHAT_IT_IS}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        raise _refused_at(
            before, len(before), "is not UTF-8 text; save the file as UTF-8"
        ) from None
    for match in _UNPRINTABLE.finditer(text):
        message = f"the character U+{ord(match[0]):04X} cannot stand in a scenario"
        raise _refused_at(text, match.start(), message)
    if (hidden := _INVISIBLE.search(text)) is not None:
        message = f"an invisible character (U+{ord(hidden[0]):04X}), perhaps pasted; delete it"
        raise _refused_at(text, hidden.start(), message)
    return text


def _refused_at(text: str, position: int, message: str) -> _Refused:
    lines = BREAK.split(text[:position])
    return _Refused(len(lines), len(lines[-1]) + 1, message)


class _Open:
    """A map or a list whose end has not come yet."""

    __slots__ = ("entries", "is_map", "items", "key", "key_at", "place")

    def __init__(self, place: Place, is_map: bool) -> None:
        self.place, self.is_map = place, is_map
        self.entries: dict[str, Entry] = {}
        self.items: list[Node] = []
        self.key: str | None = None
        self.key_at = place

    def close(self) -> Node:
        return Node(self.place, self.entries if self.is_map else tuple(self.items))


def _build(text: str, shown: str) -> Node:
    """Nodes from the event stream; a loop with its own stack, so that no depth can hurt."""
    root: Node | None = None
    stack: list[_Open] = []
    lines = BREAK.split(text)
    documents = count = 0
    for event in _events(text):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _at(event, "a second document begins here (---); a scenario is one document")
            continue
        if not isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            done = stack.pop().close()
        else:
            count += 1
            if count > MAX_NODES:
                raise _at(event, f"more than {MAX_NODES} values: not a scenario file")
            _refuse_marks(event)
            mark: Any = event.start_mark
            place = Place(shown, mark.line + 1, mark.column + 1)
            parent = stack[-1] if stack else None
            if parent is not None and parent.is_map and parent.key is None:
                _take_key(parent, event, place)
                continue
            if isinstance(event, yaml.CollectionStartEvent):
                if len(stack) >= MAX_DEPTH:
                    raise _at(event, f"nested more than {MAX_DEPTH} deep")
                stack.append(_Open(place, isinstance(event, yaml.MappingStartEvent)))
                continue
            done = Node(place, _scalar(event))
            if done.content is None and parent is not None and parent.is_map:
                _refuse_comment(parent, lines)
        if stack:
            _add(stack[-1], done)
        else:
            root = done
    if root is None or root.content is None:
        message = "the file holds comments only" if "#" in text else "the file is empty"
        raise _Refused(1, 1, f"{message}; `ccsim init` writes a scenario to start from")
    return root


def _refuse_comment(parent: _Open, lines: list[str]) -> None:
    """`name: #1 desk` has no value: what follows the # is a comment."""
    line, column = parent.key_at.line, parent.key_at.column
    after = lines[line - 1][column - 1 :].lstrip("\"'")
    if parent.key is not None and is_comment(after.removeprefix(parent.key)):
        message = "nothing is written here: what follows a # is a comment; put the text in quotes"
        raise _Refused(line, column, message)


def _add(parent: _Open, child: Node) -> None:
    if parent.is_map:
        assert parent.key is not None  # a value follows its key
        parent.entries[parent.key] = Entry(parent.key_at, child)
        parent.key = None
    else:
        parent.items.append(child)


def _events(text: str) -> Iterator[Any]:
    """The library's events; its errors in words, with their place."""
    loader = _LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    except yaml.MarkedYAMLError as error:
        at: Any = error.problem_mark or error.context_mark
        began: Any = error.context_mark or at
        if at is None:
            raise _Refused(1, 1, f"is not YAML: {error.problem or 'cannot be read'}") from None
        said = f"{error.problem or 'cannot be read'}".strip()
        slip = slip_of(text, Complaint(said, (at.line, at.column), (began.line, began.column)))
        raise _Refused(slip.line, slip.column, slip.message) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _Refused(1, 1, "is not YAML") from None
    finally:
        loader.dispose()


def _at(event: Any, message: str) -> _Refused:
    return _Refused(event.start_mark.line + 1, event.start_mark.column + 1, message)


def _refuse_marks(event: Any) -> None:
    out = "write the value out, or use `designs`"
    if isinstance(event, yaml.AliasEvent):
        raise _at(
            event, f"aliases (*name) are not used here; {out}; text with a * stands in quotes"
        )
    if event.anchor is not None:
        raise _at(
            event, f"anchors (&name) are not used here; {out}; text with a & stands in quotes"
        )
    if event.tag is not None:
        raise _at(event, "tags (!name) are not used here; text with a ! stands in quotes")


def _take_key(parent: _Open, event: Any, place: Place) -> None:
    if not isinstance(event, yaml.ScalarEvent):
        raise _at(event, "a key must be one word or text, not a list or a map")
    key = event.value
    if not key.strip() and not event.style:
        raise _at(event, "a ':' without a key before it")
    if key == "<<" and not event.style:
        raise _at(
            event, "merge keys (<<) are not used here; write the values out, or use `designs`"
        )
    if key in parent.entries:
        first = parent.entries[key].key_place.line
        raise _at(event, f"the key '{key[:60]}' is here twice (first in line {first})")
    if len(key) > MAX_KEY:
        raise _at(event, f"a key of more than {MAX_KEY} characters")
    parent.key, parent.key_at = key, place


def _scalar(event: Any) -> object:
    """A plain scalar by YAML 1.2's core rules and the language's booleans; quoted: text."""
    text: str = event.value
    if len(text) > MAX_TEXT:
        raise _at(event, f"a text of more than {MAX_TEXT} characters")
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        raise _at(event, f"'{text}' is no number here")
    if text[:1] == "+":
        return text  # no number of the language has a sign: who writes +1 may mean one more
    if _THOUSANDS.fullmatch(text):
        return text  # 1.450 may be 1 450: whoever reads it as a number says so
    if _INT.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) > 20:
            raise _at(event, "a number of more than 20 digits")
        number: int | float = int(text, 0) if _BASED.fullmatch(text) else int(text)
    elif _FLOAT.fullmatch(text):
        number = float(text) if len(text) <= 40 else float("inf")
    else:
        return text
    if abs(number) > MAX_NUMBER:
        raise _at(event, f"the number {text[:30]} is absurdly large")
    return number
