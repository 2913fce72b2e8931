# ruff: noqa: E501  (tables of damage are read line by line)
"""Damaged files of every kind that users write: what is read must end in what it describes or in complete problems.

A case is decided by its kind and number, so that one that failed can be made again:
`python tests/fuzz.py product 1234` shows it, `python tests/fuzz.py 1000` runs a thousand spread over the kinds.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable
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
from damage import Kind, damaged

MOST_CPU_SECONDS = 2.0
LONGEST_MESSAGE = 500
NATIVE, OWN = 'name = "adsc-native"', 'name = "mine"'
PACKAGE = Path(load_product.__code__.co_filename).parents[1]
RAW = re.compile(
    r"Input should|validation error|Traceback|\b[A-Z][A-Za-z]+(?:Error|Exception|Warning)\b|\^\[|\(\?|\\[dws]|pydantic|"
    r"at least \d+ items?\b|NoneType|<class|unhashable|has no attribute|not subscriptable|could not convert|"
    r"object is not|NaN or Inf|maximum recursion"
)
_BASE = shipped_studies()["exosome-vs-saline"].read_text(encoding="utf-8")


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
TABLE = (
    "quantity,means,name,low,high,source,grade\nu,input,MINOXIDIL,0.2,0,assumption,C\nX,node,SMAD3,0,1,assumption,C\n"
)


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
