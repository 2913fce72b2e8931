# ruff: noqa: E501  (tables of damage are read line by line)
"""Damaged files of every kind that users write: what is read must end in what it describes or in complete problems.

A case is decided by its kind and number, so that one that failed can be made again:
`python tests/fuzz.py product 1234` shows it, `python tests/fuzz.py 1000` runs a thousand spread over the kinds.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from anagen.core.errors import InputError
from anagen.core.texts import read_text
from anagen.evidence.table import TRIALS, read_published
from anagen.exosomes import library, load_product
from anagen.formats.sbml.table import read_table
from anagen.parameters import read_posterior
from anagen.parameters.files import read_parameters
from anagen.parameters.sources import SHIPPED
from anagen.signalling.network import load_network, network_from_file
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from anagen.validation.ledger import entries, shipped_ledger, verify

MOST_CPU_SECONDS = 2.0
LONGEST_MESSAGE = 500
NATIVE, OWN = 'name = "adsc-native"', 'name = "mine"'
PACKAGE = Path(load_product.__code__.co_filename).parents[1]
RAW = re.compile(
    r"Input should|validation error|Traceback|\b[A-Z][A-Za-z]+(?:Error|Exception|Warning)\b|\^\[|\(\?|\\[dws]|pydantic|"
    r"at least \d+ items?\b|NoneType|<class|unhashable|has no attribute|not subscriptable|could not convert|"
    r"object is not|NaN or Inf|maximum recursion"
)
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


_BASE = shipped_studies()["exosome-vs-saline"].read_text(encoding="utf-8")


@dataclass(frozen=True)
class Kind:
    """One kind of file: whole ones to damage, and what reads it."""

    name: str
    suffix: str
    texts: tuple[str, ...]
    read: Callable[[Path], object]
    share: int


@dataclass
class Tally:
    """What came of some cases."""

    refused: int = 0
    accepted: int = 0
    slowest: float = 0.0
    slowest_case: int = -1
    faults: list[str] = field(default_factory=list[str])

    def text(self) -> str:
        """The tally on one line."""
        return (
            f"{self.refused + self.accepted} cases: {self.refused} refused, {self.accepted} accepted, "
            f"slowest {self.slowest:.2f} CPU s (case {self.slowest_case}), {len(self.faults)} faults"
        )


def _read_study(path: Path) -> object:
    study = Study.load(path)
    return study.sha256, study.check("prior")


def _read_study_with_product(path: Path) -> object:
    (path.parent / "study.yaml").write_text(
        _BASE.replace("product: adsc-native", f"product: ./{path.name}"), encoding="utf-8"
    )
    return _read_study(path.parent / "study.yaml")


def _read_study_with_network(path: Path) -> object:
    mechanism = f"\nmechanism: {{network: ./{path.name}, without: [AR->DKK1, NEW]}}\n"
    (path.parent / "study.yaml").write_text(_BASE + mechanism, encoding="utf-8")
    return _read_study(path.parent / "study.yaml")


def _read_posterior_manifest(path: Path) -> object:
    draws = path.with_suffix(SHIPPED.suffix)
    if not draws.exists():
        draws.symlink_to(SHIPPED)
    return read_posterior(draws)


def _read_parameter_file(path: Path) -> object:
    return read_parameters(read_text(path, "parameter file"), path.stem, str(path))


def _read_ledger(path: Path) -> object:
    return entries(path), verify(path, head="0" * 64)


MODEL = """# A model that one node follows.
# Half a day is one unit of its time.
# Its only state decays and is halved once.
# What it hears lowers its source.
# Everything in it is an assumption.

[model]
title = "decay"
source = "assumption"
days = 0.5

[model.constant]
k = 0.7
u = 0.2

[model.state.X]
start = 0.4
rate = "k * (twice - X) if time < 3 else exp(-X) / (1 + X ** 2)"

[model.value]
twice = "2 * u"

[[model.event]]
at = 3.0
changes = { X = "X / 2", u = "0.1" }

[[model.input]]
constant = "u"
input = "MINOXIDIL"
low = 0.2
high = 0.0

[[model.node]]
node = "SMAD3"
quantity = "X"
low = 0.0
high = 1.0
source = "assumption"
grade = "C"
"""
TABLE = "quantity,means,name,low,high,source,grade\nu,input,MINOXIDIL,0.2,0,assumption,C\nX,node,SMAD3,0,1,assumption,C\n"


@cache
def kinds() -> dict[str, Kind]:
    """Every kind, with the files that the package ships as whole ones."""
    rows = TRIALS.read_text(encoding="utf-8").splitlines()
    tables = tuple("\n".join([rows[0], *rows[i : i + 6]]) for i in range(1, 200, 40))
    network = (PACKAGE / "signalling" / "network" / "hair_follicle.toml").read_text(encoding="utf-8")
    extension = '[node.NEW]\ntitle = "new"\ntau = 1.0\nbasal = 0.1\nsource = "assumption"\ngrade = "C"\n\n[[edge]]\nfrom = "AR"\n'
    extension += 'to = "NEW"\nsign = "+"\nweight = 0.5\nn = 1.4\nec50 = 0.5\nsource = "assumption"\ngrade = "C"\n'
    numbers = [PACKAGE / "parameters" / name for name in ("season.toml", "wound.toml", "therapies/prp.toml")]
    base, products = load_network(), _all(library().values())
    every = (
        Kind("study", ".yaml", _all(shipped_studies().values()), _read_study, 8),
        Kind("product", ".toml", products, lambda path: load_product(path).parameters(), 24),
        Kind(
            "product of a study",
            ".toml",
            tuple(text.replace(NATIVE, OWN) for text in products),
            _read_study_with_product,
            4,
        ),
        Kind("network of a study", ".toml", (extension,), _read_study_with_network, 4),
        Kind("network", ".toml", (extension,) * 20 + (network,), lambda path: network_from_file(path, base).text(), 20),
        Kind("network with a model", ".toml", (MODEL,), lambda path: network_from_file(path, base).text(), 12),
        Kind("table of a model", ".csv", (TABLE,), lambda path: read_table(path, base, ("u", "k"), ("X", "u")), 4),
        Kind("ledger", ".toml", _all([shipped_ledger()]), _read_ledger, 12),
        Kind("evidence", ".csv", tables, read_published, 16),
        Kind("parameters", ".toml", _all(numbers), _read_parameter_file, 12),
        Kind("manifest", ".json", _all([SHIPPED.with_suffix(".json")]), _read_posterior_manifest, 8),
    )
    return {kind.name: kind for kind in every}


def _all(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in paths)


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


def tally(kind: Kind, numbers: Iterable[int]) -> Tally:
    """Reads some cases of a kind and tells everything that a user should never see."""
    found = Tally()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"damaged{kind.suffix}"
        for number in numbers:
            path.write_bytes(damaged(kind, number))
            began = time.process_time()
            fault = _fault_of(kind, path, found)
            took = time.process_time() - began
            if took > found.slowest:
                found.slowest, found.slowest_case = took, number
            if took > MOST_CPU_SECONDS:
                fault = fault or f"took {took:.1f} CPU seconds"
            if fault is not None:
                found.faults.append(f"{kind.name} {number}: {fault}")
    return found


def _fault_of(kind: Kind, path: Path, found: Tally) -> str | None:
    """What is wrong with how a file was read or refused; None where nothing is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kind.read(path)
    except InputError as error:
        found.refused += 1
        for problem in error.problems:
            if not problem.file:
                return f"no file is named: {problem.text()[:300]}"
            if (
                not problem.message.strip()
                or len(problem.message) >= LONGEST_MESSAGE
                or len(problem.field) >= LONGEST_MESSAGE
            ):
                return f"a message of {len(problem.message)} characters: {problem.message[:80]}"
            if not problem.text().isprintable():
                return f"a message that cannot be printed: {problem.text()[:300]!r}"
            if raw := RAW.search(f"{problem.message} {problem.suggestion}"):
                return f"raw words {raw[0]!r}: {problem.text()[:300]}"
        return None
    except Exception as error:  # every other kind of error is what is looked for
        found.refused += 1
        return f"{type(error).__name__}: {str(error)[:300]}"
    found.accepted += 1
    return None


def cases_of(kind: Kind, total: int) -> range:
    """Numbers of the cases of a kind in a run of at least so many over all kinds."""
    return range(-(-total * kind.share // sum(each.share for each in kinds().values())))


def main(arguments: list[str]) -> int:
    """Show one case, or run many."""
    if len(arguments) == 2 and arguments[0] in kinds():
        kind = kinds()[arguments[0]]
        sys.stdout.buffer.write(damaged(kind, int(arguments[1])))
        print("\n----\n", tally(kind, [int(arguments[1])]))
        return 0
    total, *only = arguments
    for kind in kinds().values():
        if not only or kind.name in only:
            began = time.process_time()
            found = tally(kind, cases_of(kind, int(total)))
            print(
                f"{kind.name}: {found.text()}; {time.process_time() - began:.0f} CPU s",
                *found.faults[:40],
                sep="\n  ",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
