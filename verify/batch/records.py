"""The lines of a batch: JSON Lines in, each a record or a problem with its place; answers as lines, and back.

Whatever stands on a line, reading it takes bounded memory and raises nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from verify.checking.answer import Answer, Counterexample, Diagnosis, Verification

MOST_BYTES = 1 << 20
"""The longest line that is read; of a longer one only the id is looked for."""
MARK = b"\xef\xbb\xbf"
DEEPEST = 50
TOO_DEEP = "the line is no record: its JSON is nested too deeply"
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: the id, and the record, or (None) one sentence about the problem.

    `number` counts all lines from 1, `size` is the number of bytes that were kept, `end` the place in the input.
    """

    number: int
    size: int
    end: int
    id: Any
    record: dict[str, Any] | None
    problem: str = ""

    def answer(self) -> dict[str, Any]:
        """The answer to a line that is no record."""
        return self.answered(Answer("unreadable", message=self.problem))

    def answered(self, answer: Answer) -> dict[str, Any]:
        """The record of an answer to this line; where no id tells which line it is, its number does."""
        found = answer.record() | {"id": self.id}
        return found | ({"line": self.number} if self.id is None or self.record is None else {})


def lines(stream: BinaryIO) -> Iterator[Line]:
    """Every line that is not blank; raises OSError where the stream cannot be read."""
    number = end = 0
    while raw := stream.readline(MOST_BYTES):
        rest, blank = _rest(stream, raw)
        number, end = number + 1, end + len(raw) + rest
        raw = raw.removeprefix(MARK) if number == 1 else raw
        if raw.strip() or not blank:
            yield _too_long(number, raw, end, len(raw) + rest) if rest else _line(number, raw, end)


def _rest(stream: BinaryIO, raw: bytes) -> tuple[int, bool]:
    """Read to the end of a long line: how many bytes are left, and whether all of them are blank."""
    size, blank = 0, True
    while len(raw) == MOST_BYTES and not raw.endswith(b"\n") and (raw := stream.readline(MOST_BYTES)):
        size, blank = size + len(raw), blank and not raw.strip()
    return size, blank


def _too_long(number: int, beginning: bytes, end: int, size: int) -> Line:
    problem = f"the line has {size:,} bytes; at most {MOST_BYTES:,} are read"
    return Line(number, len(beginning), end, _found_id(beginning.decode("utf-8", "replace")), None, problem)


def _line(number: int, raw: bytes, end: int) -> Line:
    text = raw.decode("utf-8", "replace")
    try:
        record, problem = _record(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        record, problem = None, f"the line is not UTF-8 at byte {error.start + 1}"
    if record is None:
        return Line(number, len(raw), end, _found_id(text), None, problem)
    return Line(number, len(raw), end, record.get("id"), record)


def _record(text: str) -> tuple[dict[str, Any] | None, str]:
    """The object that a line says, or what is wrong with it."""
    try:
        found = json.loads(text, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        return None, f"the line is no JSON: {error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}"
    except RecursionError:
        return None, TOO_DEEP
    except ValueError as error:
        return None, f"the line is no record: {_sentence(error)}"
    if not isinstance(found, dict):
        return None, f"a record must be a JSON object, not {_kind(found)}"
    return (found, "") if _shallow(found) else (None, TOO_DEEP)


def _shallow(value: Any) -> bool:
    """Whether brackets are nested at most `DEEPEST` deep; level by level, so that no depth can hurt."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            part
            for one in level
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
        ]
    return not any(isinstance(one, dict | list) for one in level)


def _sentence(error: ValueError) -> str:
    said = str(error)
    return "it has a whole number with thousands of digits" if "int_max_str_digits" in said or "limit" in said else said


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


def _pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise ValueError(f"it has the field {twice[:40]!r} twice")
    return found


def _kind(value: Any) -> str:
    names = {list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _found_id(text: str) -> Any:
    """The id of an object that is broken further on, or None: its members are read one by one as far as they go."""
    try:
        at = _after(text, 0, "{")
        while True:
            name, at = _DECODER.raw_decode(text, _skipped(text, at))
            value, at = _DECODER.raw_decode(text, _skipped(text, _after(text, at, ":")))
            if name == "id":
                return _plain(value)
            at = _after(text, at, ",")
    except (ValueError, RecursionError):
        return None


def _skipped(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r"):
        at += 1
    return at


def _after(text: str, at: int, sign: str) -> int:
    """The place after the next sign; raises ValueError where another one stands."""
    at = _skipped(text, at)
    if not text.startswith(sign, at):
        raise ValueError(sign)
    return at + 1


def _plain(value: Any) -> Any:
    """An id that JSON can say and whose every byte was read; raises ValueError for any other."""
    if not _shallow(value) or "\ufffd" in json.dumps(value, allow_nan=False, ensure_ascii=False):
        raise ValueError(TOO_DEEP)
    return value


def answer_line(answer: dict[str, Any]) -> bytes:
    """An answer as one line, in ASCII: whatever letters it holds, every reader finds the same lines."""
    return json.dumps(answer, allow_nan=False).encode() + b"\n"


def to_answer(record: dict[str, Any]) -> Answer:
    """The answer that a record says; raises KeyError, TypeError or ValueError where it says none."""
    if record["verdict"] not in ("correct", "incorrect", "undecided", "unreadable"):
        raise ValueError(f"no verdict: {record['verdict']!r}")
    return Answer(
        verdict=record["verdict"],
        proof=record["proof"],
        error_bound=record.get("error_bound"),
        counterexample=_counterexample(record),
        reading=dict(record["reading"]),
        steps=tuple(_verification(one) for one in record.get("steps", ())),
        first_error=record.get("first_error"),
        diagnosis=tuple(_diagnosis(one) for one in record["diagnosis"]),
        message=record.get("message", ""),
        where=_place(record["where"]) if "where" in record else None,
        ms=record["ms"],
        id=record.get("id"),
    )


def _counterexample(record: dict[str, Any]) -> Counterexample | None:
    return Counterexample(**record["counterexample"]) if "counterexample" in record else None


def _verification(record: dict[str, Any]) -> Verification:
    fields = dict(record) | {"where": _place(record["where"]), "counterexample": _counterexample(record)}
    return Verification(**fields)


def _diagnosis(record: dict[str, Any]) -> Diagnosis:
    return Diagnosis(**(dict(record) | {"where": _place(record["where"])}))


def _place(where: Any) -> tuple[int, int]:
    start, end = where
    return start, end
