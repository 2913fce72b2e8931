# ruff: noqa: E501  (tables of damage are read line by line)
"""How files are damaged: wrong values, names, lines, shapes and bytes, as a case of a kind and a number decides."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NUMBERS = ("0", "-1", "1", "12.0", "0.95", "1e10", "1e300", "1e999", "-0.0", "5e-324", "nan", "inf", ".nan", "-inf", "9" * 5000,
           "1_000", "0x10", "0,5", "1.000,5", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "true", "null", "~")  # fmt: skip
TEXTS = ("", "x", " ", "0,5 mL", "1,000 uL", "10^10 particles", "5 %", "1e10 particles", "-5 mL", "1e999 mg", "9**9**9 mg",
         "1e10 mg", "5 furlong", "saline\\u202e", "a\\u2028b", "a\\u0085b", "=1+1", "@SUM(A1)", "x" * 4000, "é" * 300, "../../etc/passwd",
         "/dev/zero", "adsc-native", "A", "E", "none", "+", "Ω", "\\u0000", "\\uFFFF", "\\U0010FFFF", "\\UFFFFFFFF")  # fmt: skip
SHAPES = ("[]", "{}", "[1, 2]", "[[1]]", "{a = 1}", "{a: 1}", '["a", 3]', "[" * 300, "{a = " * 60, "[" * 40 + "]" * 40,
          "[" + "1, " * 3000 + "1]", "&a [*a]", "!!python/object:x {}", "*a", "| x", "> x", "'", '"', '"""')  # fmt: skip
MARKS = "[]{}()=:,;#&*!|>'\"%@`?~\\\t \n0aé.-+_\u202e\u2028\x00\x85\ufeff"
FOREIGN = (b"PK\x03\x04xl/", b"<?xml version='1.0'?><sbml>", b"PAR1", b"%PDF-1.7", b"HEADER RECORD*******LIBRARY", b"\xff\xfe",
           b"format_version: 1\nproblems: []\n", b'{"a": 1}', b"\xef\xbb\xbf", b"a\tb\tc\n1\t2\t3\n", b"a;b;c\n1;2;3\n")  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of file: whole ones to damage, and what reads it."""

    name: str
    suffix: str
    texts: tuple[str, ...]
    read: Callable[[Path], object]
    share: int


def damaged(kind: Kind, number: int) -> bytes:
    """The bytes of one case."""
    dice = random.Random(f"{kind.name} {number}")
    text = dice.choice(kind.texts)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5))):
        text = dice.choice(_DAMAGES)(text, kind, dice)
    raw = text.encode("utf-8", errors="surrogatepass")
    if dice.random() < 0.05:
        at = dice.randrange(len(raw) + 1)
        raw = raw[:at] + dice.randbytes(dice.randint(1, 4)) + raw[at + dice.randint(0, 3) :]
    if dice.random() < 0.03:
        raw = dice.choice(FOREIGN) + (raw if dice.random() < 0.5 else b"")
    return raw


def _value(kind: Kind, dice: random.Random) -> str:
    roll = dice.random()
    if roll < 0.4:
        return dice.choice(NUMBERS)
    if roll < 0.75:
        text = dice.choice(TEXTS)
        return text if kind.suffix == ".csv" else f'"{text}"'
    return dice.choice(SHAPES)


def _lines(change: Callable[[list[str], int, Kind, random.Random], None]) -> Callable[[str, Kind, random.Random], str]:
    """A change of the lines of a text at a random one."""

    def damage(text: str, kind: Kind, dice: random.Random) -> str:
        lines = text.split("\n")
        change(lines, dice.randrange(len(lines)), kind, dice)
        return "\n".join(lines)

    return damage


def _replace_value(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    if kind.suffix == ".csv":
        cells = lines[i].split(",")
        cells[dice.randrange(len(cells))] = _value(kind, dice)
        lines[i] = ",".join(cells)
        return
    joint = "=" if kind.suffix == ".toml" else ":"
    head, found, _ = lines[i].partition(joint)
    if found:
        comma = "," if kind.suffix == ".json" and lines[i].rstrip().endswith(",") else ""
        lines[i] = f"{head}{joint} {_value(kind, dice)}{comma}"
    else:
        lines[i] = f"{head} {_value(kind, dice)}"


def _rename(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    words = list(re.finditer(r"\w+", lines[i]))
    if words:
        word = dice.choice(words)
        new = dice.choice(
            (word[0][:-1], word[0] + "s", word[0].upper(), "x" * 3000, "nope", dice.choice(MARKS), word[0][::-1])
        )
        lines[i] = lines[i][: word.start()] + new + lines[i][word.end() :]


def _take_word(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    """One word of another line in place of one of this line."""
    here, there = list(re.finditer(r"[\w.%-]+", lines[i])), re.findall(r"[\w.%-]+", dice.choice(lines))
    if here and there:
        word = dice.choice(here)
        lines[i] = lines[i][: word.start()] + dice.choice(there) + lines[i][word.end() :]


def _insert(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    at = dice.randrange(len(lines[i]) + 1)
    lines[i] = lines[i][:at] + "".join(dice.choices(MARKS, k=dice.randint(1, 3))) + lines[i][at:]


def _delete(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    del lines[i : i + dice.choice((1, 1, 2, 8))]
    lines.append("")


def _double(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    lines[i:i] = lines[i : i + dice.choice((1, 1, 3, 12))]


def _move(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    lines.insert(dice.randrange(len(lines)), lines.pop(i))


def _indent(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    lines[i] = dice.choice((" ", "  ", "\t", "- ", "# ", "[", "[[")) + lines[i] if dice.random() < 0.6 else lines[i][1:]


def _cut(text: str, kind: Kind, dice: random.Random) -> str:
    return text[: dice.randrange(len(text) + 1)]


def _add_key(lines: list[str], i: int, kind: Kind, dice: random.Random) -> None:
    key = dice.choice(
        ("name", "value", "x", "a.b.c", '"quoted"', "source", "0", "mechanism", "prediction", "edge", "note")
    )
    lines.insert(i, f"{key} {'=' if kind.suffix == '.toml' else ':'} {_value(kind, dice)}")


def _many(text: str, kind: Kind, dice: random.Random) -> str:
    """Far too much of something; rarely, as it takes time."""
    if dice.random() > 0.3:
        return text
    joint = " = " if kind.suffix == ".toml" else ": "
    heaps = (
        lambda n: "\n".join(f"k{i}{joint}{i}" for i in range(n)),
        lambda n: f"a{joint}[{'1, ' * n}1]",
        lambda n: "[" * n,
        lambda n: f"a{'.a' * n}{joint}1",
        lambda n: "\n".join(f"[[t{i}]]" for i in range(n)),
        lambda n: f'title{joint}"{"word " * n}"',
        lambda n: "\n".join(text.split("\n")[-3:]) * (n // 60),
        lambda n: text * min(n // 1000, 60),
        lambda n: "# comment\n" * n,
    )
    return text + "\n" + dice.choice(heaps)(dice.choice((300, 5_000, 90_000)))


_DAMAGES: tuple[Callable[[str, Kind, random.Random], str], ...] = (
    *(_lines(_replace_value),) * 6, *(_lines(_rename),) * 3, *(_lines(_take_word),) * 3, _lines(_insert), _lines(_insert), _lines(_delete),
    _lines(_double), _lines(_move), _lines(_indent), _lines(_add_key), _lines(_add_key), _cut, _many,
)  # fmt: skip
