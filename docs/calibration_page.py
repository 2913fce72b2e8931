"""Text of docs/calibration.md: the method, and the numbers of the calibration that is kept in docs/calibration.

    python docs/calibration_page.py results/calibration

copies what the page needs from the folder of a calibration; `make docs` writes the page from it.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.calibration.page import (
    PARAMETER_HEADER,
    TARGET_HEADER,
    printed_parameters,
    printed_targets,
    sentences,
)
from anagen.calibration.weights import weights

KEPT = Path(__file__).with_name("calibration")
PAGE = Path(__file__).with_name("calibration.md")
FILES = ("facts.json", "manifest.json", "parameters.csv", "untreated_parameters.csv", "targets.csv")
OPTIONAL = ("leave_one_out.csv",)
METHOD = """# Calibration

`anagen calibrate` lets the published results of the shipped studies inform the uncertain parameters, all of
them together, and says of each parameter whether they do. It writes a posterior (`posterior.parquet`, joint
draws that `anagen run --parameters FILE` and every other command can take), tables, pictures and a page.

```console
anagen calibrate --workers 2                      # all studies, 20 minutes; goes on after an interruption
anagen calibrate --quick                          # two studies and short chains, to see what comes out
anagen calibrate --therapies finasteride,minoxidil
anagen calibrate --from results/calibration --leave-one-out --information --sbc 100 --out results/calibration-more
```

## What is fitted to what

Every published value whose `use` is `calibrate` (see [the study file](study-file.md)) and which the model can
compute is a target: means, shares of responders, and the standard deviation of an arm's change where it was printed.
Values recalled from memory, differences of two arms that are both printed, and rates of adverse events are not.

    y_i = f_i(z) + offset_i o u_study + gain_i h_kind v_arm + bias_i(z) + e_i
    e_i ~ N(0, se_i^2 / w_i + emulator_i)

- `z`: one standard normal deviate per uncertain parameter that any of the studies reads; its value is the
  quantile of its prior at z. Parameters of adverse events, of making products and of costs move no target and
  are left out. That nothing else is left out is checked by simulation in every study, each time.
- `f_i(z)`: mean of the reference patients of the study, simulated with the same random numbers at every point; of 1,024
  patients where nobody is treated, since a level holds the luck of few patients and a difference of twins does not.
- `u` (offset of a study, shared by its arms), `v` (spread of an arm's gain between trials of one treatment,
  shared by its weeks and endpoints): standard normal. Their sizes `measurement.study_offset` and
  `heterogeneity.*`, and the biases are parameters like all others: of changes printed without their control, of small
  trials of procedures (falls as 20 / n without a bound), of what is published because it worked (as sqrt(20 / n), every
  treated arm), of split scalps and of procedures added to a drug.
- `se_i`: as printed, or from SD and n, an interval, quartiles or a binomial share; else from the spread between
  the patients of a simulated trial of that size. `w_i`: see below.
- A standard deviation between patients is compared with that of a simulated trial of 200 patients per arm, read with
  all errors of measurement; `f_i` is that figure, without offset, gain and bias, and its error holds
  sampling and 15 % by which such figures differ between trials (an assumption).

A first posterior is that of untreated patients alone (placebo, vehicle, untreated arms and baselines): natural
history and follicle. It is reported separately (`untreated.parquet`). The posterior of all values is not a
second step on top of it: both kinds of values are in one density, so that nothing is used twice.

## How it is computed

The simulation takes seconds per parameter draw, so it is emulated: each f_i by a quadratic function of the
deviates that its study reads (all slopes, squares, and products of the most active ones; ridge regression whose
penalty and size are chosen by leaving one point out). Points are prior draws, then half as many draws of a
first posterior moved 1.3 times as far from its centre, so that emulators are best where they are needed. What
an emulator leaves over at points left out enters the likelihood as a variance, and emulators are compared with
the simulation at posterior draws afterwards. Studies of patchy loss, which take twenty times as long, are
simulated at a third of the points.

The density has hundreds of dimensions, most of them hardly informed, and a gradient that costs as much as the
density: the case for the no-U-turn sampler (nutpie). The ensemble sampler (emcee), which needs no gradient, was
compared on a reduced problem below.

Each study is also predicted by the others: the density is sampled again without its values, and without those of
studies that share its publication or its patients (`cohort` in the study file).
"""


def keep(folder: Path) -> None:
    """Copy what the page needs from the folder of a calibration."""
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir()
    for name in (*FILES, *(name for name in OPTIONAL if (folder / name).is_file())):
        shutil.copyfile(folder / name, KEPT / name)
    for picture in sorted((folder / "figures").glob("*.png")):
        shutil.copyfile(picture, KEPT / picture.name)


def page() -> str:
    """The page as Markdown."""
    facts = json.loads((KEPT / "facts.json").read_text(encoding="utf-8"))
    manifest = json.loads((KEPT / "manifest.json").read_text(encoding="utf-8"))
    parameters, targets = _read("parameters"), pd.read_csv(KEPT / "targets.csv")
    untreated = _read("untreated_parameters")
    parts = [METHOD, _weights(), "## What came out\n\n", *(f"- {text}\n" for text in sentences(facts))]
    parts += ["\n", *(f"![{path.stem}](calibration/{path.name})\n\n" for path in sorted(KEPT.glob("*.png")))]
    parts += ["### Sampler\n\n", _sampler(facts)]
    if "sbc" in facts:
        parts += ["\n### Truths that were put in\n\n", RECOVERY, _recovery(facts["sbc"]), _choice(facts["sbc"])]
    parts += ["\n### Parameters that published values inform\n\n", IDENTIFIED]
    parts.append(_table(PARAMETER_HEADER, printed_parameters(parameters)))
    parts += ["\n### Untreated patients alone\n\n", _table(PARAMETER_HEADER, printed_parameters(untreated))]
    parts += ["\n### Published values\n\n", TOLD, _table(TARGET_HEADER, printed_targets(targets))]
    if (KEPT / "leave_one_out.csv").is_file():
        parts += ["\n### Each study predicted by the others\n\n", _left_out(pd.read_csv(KEPT / "leave_one_out.csv"))]
    parts += [f"\nPriors: `{manifest['prior_sha256']}`, seed {manifest['seed']}.\n"]
    return "".join(parts)


def _read(name: str) -> pd.DataFrame:
    """A table of parameters; where no study informs one, the text is empty and not missing."""
    return pd.read_csv(KEPT / f"{name}.csv").fillna({"informed_by": ""})


RECOVERY = """Truths are drawn from the prior, data from the truth, a posterior from the data; the rank of the truth
among posterior draws is uniform where density and sampler are right (Talts and others 2018, arXiv:1804.06788).
The reduced problem holds the values of one study and the parameters that they say most of.

"""
IDENTIFIED = """Contraction is 1 - variance of the posterior / variance of the prior: above 0.5 data inform a parameter,
from 0.1 they say something of it. Parameters below 0.1 are left out here and stand in `parameters.csv`. The
studies on the right hold most of the (Fisher) information about it.

"""
TOLD = """Before and after: what a new trial like this one would publish, with its 90 % interval, under the priors and
under the posterior. z: distance of the published value in standard deviations of the latter. R2: of the
emulator, points left out.

"""


def _weights() -> str:
    rows = [(p.name.removeprefix("weight."), f"{p.value:g}", p.source) for p in weights().values()]
    head = "The error variance of a value is divided by its weight; weights of one value are multiplied."
    return f"\n## Weights\n\n{head}\n\n{_table(('what', 'weight', 'because'), rows)}\n"


def _sampler(facts: dict[str, Any]) -> str:
    rows = [
        (name, *(str(told[key]) for key in ("chains", "draws", "dimensions")), f"{told['worst_rhat']:.4f}",
         f"{told['least_ess']:.0f}", f"{told['least_ess_tail']:.0f}", str(told["divergences"]))
        for name, told in (("all values", facts["posterior"]), ("untreated patients", facts["untreated"]))
    ]  # fmt: skip
    header = ("posterior", "chains", "draws", "dimensions", "worst R-hat", "least ESS", "in the tails", "divergences")
    took = ", ".join(f"{part} {value:.0f} s" for part, value in facts["seconds"].items())
    told = f"{facts['simulations']} simulations of a study. Time: {took}.\n\n"
    return told + _table(header, rows)


def _recovery(sbc: dict[str, dict[str, Any]]) -> str:
    rows = [
        (name, str(told["data_sets"]), str(told["deviates"]), f"{100 * told['share_p_below_5_percent']:.1f} %",
         f"{told['least_p_times_deviates']:.2f}", f"{told['pooled_mean_rank']:.3f}", f"{told['worst_rhat_median']:.3f}",
         f"{told['ess_per_second']:.0f}", str(told["divergences"]))
        for name, told in sbc.items()
    ]  # fmt: skip
    header = ("problem", "data sets", "deviates", "p < 0.05", "least p, corrected", "mean rank", "R-hat",
              "ESS per second", "divergences")  # fmt: skip
    return _table(header, rows)


def _choice(sbc: dict[str, dict[str, Any]]) -> str:
    """Why the no-U-turn sampler is used, from what was measured."""
    gradient, ensemble = (sbc[f"reduced problem, {name}"] for name in ("no-U-turn", "ensemble"))
    ratio = gradient["ess_per_second"] / ensemble["ess_per_second"]
    least = min(told["least_p_times_deviates"] for told in sbc.values())
    return (
        f"\nThe least p value of a parameter, corrected for their number, is {least:.2f}. On the reduced problem the "
        f"no-U-turn sampler gives {ratio:.0f} times the effective draws of the ensemble per second, at a median worst "
        f"R-hat of {gradient['worst_rhat_median']:.3f} against {ensemble['worst_rhat_median']:.3f}, with "
        f"{gradient['divergences']} divergent draws in {gradient['data_sets']} data sets. It is the one that is used.\n"
    )


def _left_out(table: pd.DataFrame) -> str:
    rows = [
        (str(row.study), f"{row.subject}: {row.endpoint}, {row.measure}", f"{row.week:g}", f"{row.observed:.3g}",
         f"{row.median:.3g}", f"{row.low90:.3g} to {row.high90:.3g}", f"{row.z:+.1f}")
        for row in table.itertuples(index=False)
    ]  # fmt: skip
    return _table(("study", "what", "week", "published", "predicted", "90 %", "z"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
    PAGE.write_text(page(), encoding="utf-8")
