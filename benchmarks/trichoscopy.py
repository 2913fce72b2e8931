"""How well hairs are read in pictures: rendered ones, in which every hair is known, and marked photographs.

    python benchmarks/trichoscopy.py [--quick] [--json] [--write] [--marked FOLDER]

Rendered: states of simulated men photographed anew and anew, and a hard mix of hair, skin, scale and blur. Errors by
kind of picture are what `anagen trichoscopy` tells beside its figures; --write writes them to
src/anagen/trichoscopy/errors.csv.
Photographs are read where --marked names the folder `data` of the set of Huashan Hospital (measuring/marked.py).
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from measuring.asked import hand_over, parser, verdict
from measuring.machine import machine, sentence
from measuring.marked import marked, split
from measuring.photograph import photograph
from measuring.scalps import DAYS, Scalp, mixed, places, simulated
from scipy.optimize import linear_sum_assignment

from anagen.core.errors import InputError
from anagen.trichoscopy import errors
from anagen.trichoscopy.count import FRAME, find_hairs
from anagen.trichoscopy.errors import FIGURES, RELATIVE, kind_of
from anagen.trichoscopy.hair import Hair
from anagen.trichoscopy.pairing import growth
from anagen.trichoscopy.reading import check_found
from anagen.trichoscopy.result import WORDS, figures_of

PAGE = "benchmarks/trichoscopy.md"
TABLE = Path(errors.__file__).with_name("errors.csv")
MARGIN, AIM = {"density": 8.0, "mean_diameter": 5.0}, {"density": 6.0, "mean_diameter": 4.0}
"""What medians of errors have to hold, and what is aimed at, for states of the product [%, um]."""
THICK = 45.0
"""Diameter from which on hairs are found wherever they do not touch [um]."""
SECONDS = 1.5
"""CPU seconds in which such a picture is to be read."""
RECALL, PRECISION = 85.0, 80.0
"""Aim on marked photographs [%]."""
REACH, ASIDE, TURN = 0.30, 0.075, 0.45
"""A hair is the marked one where its middle is no farther along and aside [mm], and its direction no farther off
[rad]."""


def read(scalps: Iterable[Scalp]) -> list[dict[str, Any]]:
    """True and read figures of each picture, how long reading took, and which hairs were found."""
    rows: list[dict[str, Any]] = []
    for scalp in scalps:
        first = photograph(scalp.first, scalp.side, scalp.camera)
        started = time.process_time()
        found = find_hairs(first, scalp.camera.scale)
        seconds = time.process_time() - started
        try:
            check_found(found, scalp.camera.scale)
        except InputError as error:
            rows.append({"refused": str(error)})
            continue
        second = find_hairs(photograph(scalp.second, scalp.side, scalp.camera), scalp.camera.scale)
        grown = growth(found.framed(), second, DAYS)
        middle, way = places(scalp.first)
        pairs = matched(middle, way, found.hairs)
        seen = np.isin(np.arange(len(middle)), pairs[:, 0])
        counted = scalp.first.inside(scalp.side, FRAME)
        own = {id(hair) for hair in found.framed()}
        right = [id(found.hairs[j]) in own for j in pairs[:, 1]]
        rows.append(
            {
                "man": scalp.camera.seed // 100,
                "kind": kind_of(scalp.camera.scale, found.blur, found.full),
                "hair": scalp.camera.hair,
                "blur": [scalp.camera.blur, found.blur],
                "seconds": seconds,
                "true": scalp.truth(FRAME),
                "read": figures_of(found, grown),
                "diameters": scalp.first.diameter[counted].tolist(),
                "seen": seen[counted].tolist(),
                "precision": [sum(right), len(found.framed())],
                "width_error": [found.hairs[j].width - float(scalp.first.diameter[i]) for i, j in pairs],
            }
        )
    return rows


def matched(middle: np.ndarray, way: np.ndarray, hairs: Sequence[Hair]) -> np.ndarray:
    """Pairs (true hair, hair that was read), one to one."""
    if not len(middle) or not hairs:
        return np.zeros((0, 2), dtype=np.int64)
    length = np.maximum(np.linalg.norm(way, axis=1), 1e-9)
    true, seen = way / length[:, None], np.array([hair.along for hair in hairs])
    apart = middle[:, None] - np.array([hair.middle for hair in hairs])
    turn = np.arccos(np.clip(np.abs(true @ seen.T), 0.0, 1.0))
    far = np.hypot(*np.moveaxis(apart, -1, 0))
    aside = np.abs(apart[..., 0] * seen[:, 1] - apart[..., 1] * seen[:, 0])
    none = (far > np.maximum(REACH, 0.5 * length)[:, None]) | (aside > ASIDE) | (turn > TURN)
    cost = far + 2.0 * aside + 0.3 * turn + 100.0 * none
    i, j = linear_sum_assignment(cost)
    return np.column_stack([i, j])[cost[i, j] < 50.0]


def errors_of(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Bias, median and 90th percentile of the size of each figure's error."""
    told: dict[str, dict[str, float]] = {}
    for name in FIGURES:
        off = np.array([row["read"][name] - row["true"][name] for row in rows])
        if name in RELATIVE:
            off = 100.0 * off / np.array([row["true"][name] for row in rows])
        off = off[np.isfinite(off)]
        if len(off):
            size = np.abs(off)
            told[name] = {
                "bias": float(off.mean()),
                "median": float(np.median(size)),
                "ninety": float(np.percentile(size, 90)),
                "pictures": len(off),
            }
    return told


def detection(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Midpoint and width [um] and plateau of the share found over diameter, by maximum likelihood."""
    from scipy.optimize import minimize
    from scipy.special import expit

    diameter = np.concatenate([row["diameters"] for row in rows])
    seen = np.concatenate([row["seen"] for row in rows]).astype(float)

    def loss(p: np.ndarray) -> float:
        chance = np.clip(p[0] * expit((diameter - p[1]) / max(abs(p[2]), 0.5)), 1e-6, 1.0 - 1e-6)
        return -float((seen * np.log(chance) + (1.0 - seen) * np.log(1.0 - chance)).mean())

    best = minimize(loss, (0.95, 20.0, 3.0), method="Nelder-Mead").x
    return {
        "plateau": float(best[0]),
        "midpoint": float(best[1]),
        "width": max(float(abs(best[2])), 0.5),
        "hairs": len(seen),
    }


def crossing(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Share of thick hairs that is found where hairs are far apart, and what of it is lost for each 100 hairs/cm2."""
    density = np.concatenate([np.full(len(row["seen"]), row["true"]["density"]) for row in rows])
    thick = np.concatenate([row["diameters"] for row in rows]) >= THICK
    seen = np.concatenate([row["seen"] for row in rows]).astype(float)[thick]
    slope, level = np.polyfit(density[thick] / 100.0, seen, 1)
    return {"apart": float(level), "lost": float(-slope), "hairs": len(seen)}


def repeated(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """CV of density and of mean diameter, read over true, between pictures of one man; area of a picture [cm2]."""
    men = sorted({row["man"] for row in rows})
    told: dict[str, float] = {}
    for name in ("density", "mean_diameter"):
        ratio = [[row["read"][name] / row["true"][name] for row in rows if row["man"] == man] for man in men]
        within = [np.var(each, ddof=1) for each in ratio if len(each) > 1]
        told[name] = float(np.sqrt(np.mean(within))) if within else float("nan")
    return told


def photographs(folder: Path, names: Sequence[str]) -> dict[str, Any]:
    """Recall by class, precision and counts on marked photographs, in the inner frame."""
    hit: dict[str, list[bool]] = {}
    right, counts, seconds = [], [], 0.0
    for name in names:
        truth = marked(folder, name)
        started = time.process_time()
        found = find_hairs(truth.picture, 2.8)
        seconds += time.process_time() - started
        pairs = matched(0.5 * (truth.roots + truth.tips), truth.tips - truth.roots, found.hairs)
        middle = 0.5 * (truth.roots + truth.tips)
        inside = np.all((middle > FRAME) & (middle < np.array(found.size) - FRAME), axis=1)
        for i in np.flatnonzero(inside):
            hit.setdefault(truth.classes[i], []).append(bool(np.isin(i, pairs[:, 0])))
        own = {id(hair): k for k, hair in enumerate(found.hairs)}
        right += [own[id(hair)] in set(pairs[:, 1].tolist()) for hair in found.framed()]
        counts.append((len(found.framed()), int(inside.sum())))
    every = [each for of_class in hit.values() for each in of_class]
    read_, true = np.array(counts).T
    return {
        "pictures": len(names),
        "marked": len(every),
        "recall": 100.0 * float(np.mean(every)),
        "precision": 100.0 * float(np.mean(right)),
        "by_class": {name: [100.0 * float(np.mean(each)), len(each)] for name, each in sorted(hit.items())},
        "count_bias": float((read_ - true).mean()),
        "mean_count": float(true.mean()),
        "count_error": 100.0 * float(np.median(np.abs(read_ - true) / np.maximum(true, 1))),
        "correlation": float(np.corrcoef(read_, true)[0, 1]),
        "seconds": seconds / len(names),
    }


def found(options: Any) -> dict[str, Any]:
    """Everything that was measured, as plain values."""
    men, retakes, mix = (2, 1, 6) if options.quick else (6, 3, 72)
    states, hard = read(simulated(men, retakes)), read(mixed(mix))
    kept = [row for row in hard if "refused" not in row]
    kinds = {kind: [row for row in kept if row["kind"] == kind] for kind in sorted({row["kind"] for row in kept})}
    real: dict[str, Any] | None = None
    if options.marked is not None:
        tuned, tested = split(options.marked)
        if options.quick:
            tuned, tested = tuned[:3], tested[:3]
        real = {"tuned": photographs(options.marked, tuned), "tested": photographs(options.marked, tested)}
    return {
        "benchmark": "trichoscopy",
        "quick": options.quick,
        "machine": machine(),
        "states": {
            "pictures": len(states),
            "refused": sum("refused" in row for row in states),
            "errors": errors_of(states),
            "seconds": float(np.mean([row["seconds"] for row in states])),
            "repeated": repeated(states) if retakes > 1 else None,
        },
        "mix": {
            "pictures": len(hard),
            "refused": len(hard) - len(kept),
            "errors": errors_of(kept),
            "kinds": {kind: errors_of(rows) for kind, rows in kinds.items()},
            "precision": 100.0 * sum(row["precision"][0] for row in kept) / sum(row["precision"][1] for row in kept),
            "detection": {
                hair: detection([row for row in kept if row["hair"] == hair])
                for hair in ("black", "brown", "blond")
                if sum(row["hair"] == hair for row in kept) > 2
            },
            "crossing": crossing([row for row in kept if row["hair"] != "blond"]),
            "width_error": _spread(np.concatenate([row["width_error"] for row in kept])),
            "blur_bias": float(np.mean([row["blur"][1] - row["blur"][0] for row in kept])),
        },
        "photographs": real,
    }


def _spread(values: np.ndarray) -> list[float]:
    return [float(np.median(values)), 1.4826 * float(np.median(np.abs(values - np.median(values))))]


def text(told: dict[str, Any]) -> str:
    """The page."""
    states, mix, real = told["states"], told["mix"], told["photographs"]
    lines = [
        "# Benchmark: hairs read in pictures",
        "",
        "Made by `python benchmarks/trichoscopy.py --write --marked FOLDER`. Error of a figure: mean "
        "of read minus true / median of "
        "its size / what nine in ten pictures do not exceed. What is meant: [Trichoscopy](../trichoscopy.md).",
        "",
        "## Rendered pictures",
        "",
        "| pictures | number | " + " | ".join(f"{WORDS[name][0]}, {_unit(name)}" for name in FIGURES) + " |",
        "|---|---|" + "---|" * len(FIGURES),
        _row("states of six simulated men, three pictures each, 10 um/px", states["errors"]),
        _row("hard mix", mix["errors"]),
        *(_row(kind, rows) for kind, rows in mix["kinds"].items()),
        "",
        f"Of the hard mix {mix['refused']} of {mix['pictures']} pictures were refused (blurred, pale) "
        "and are not in the table. "
        f"{mix['precision']:.0f} % of what was found is a hair; widths of hairs are off by "
        f"{mix['width_error'][0]:+.0f} um (median; "
        f"robust SD {mix['width_error'][1]:.0f}); blur is judged {mix['blur_bias']:+.0f} um off.",
        "",
        "| hair | found of thick hairs | half of that at, um | width of the edge, um | hairs |",
        "|---|---|---|---|---|",
        *(
            f"| {hair} | {100.0 * row['plateau']:.0f} % | {row['midpoint']:.1f} | {row['width']:.1f} | {row['hairs']} |"
            for hair, row in mix["detection"].items()
        ),
        "",
        *_model(states["repeated"], mix["crossing"]),
        "| asked of states of the product | is | margin | aim |",
        "|---|---|---|---|",
    ]
    for name, unit in (("density", "%"), ("mean_diameter", "um")):
        value = states["errors"][name]["median"]
        lines.append(
            f"| median error of {WORDS[name][0]} | {value:.1f} {unit} | {MARGIN[name]:g} {unit}: "
            f"{verdict(value, MARGIN[name])} "
            f"| {AIM[name]:g} {unit}: {verdict(value, AIM[name])} |"
        )
    lines.append(
        f"| CPU seconds to read a picture | {states['seconds']:.2f} | | {SECONDS:g}: "
        f"{verdict(states['seconds'], SECONDS)} |"
    )
    lines += ["", "## Photographs", ""]
    if real is None:
        lines.append("Not measured: no folder of marked photographs was named with `--marked`.")
    else:
        lines += [
            "Shaved donor scalp, Huashan Hospital, 1280 x 1024 pixels of 2.8 um, hairs marked by "
            "people from root to tip; no patient is in both "
            "parts; hairs whose middle lies 0.3 mm inside. The set has no licence and is not shipped.",
            "",
            "| part | pictures | marked | found | of what was found, marked | by class | count, "
            "median error | correlation |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for part, title in (("tuned", "rules were set on"), ("tested", "measured on")):
            row = real[part]
            classes = ", ".join(f"{name} {value:.0f} % of {n}" for name, (value, n) in row["by_class"].items())
            lines.append(
                f"| {title} | {row['pictures']} | {row['marked']} | {row['recall']:.1f} % | "
                f"{row['precision']:.1f} % | {classes} | "
                f"{row['count_error']:.0f} % ({row['count_bias']:+.1f} on {row['mean_count']:.1f}) | "
                f"{row['correlation']:.2f} |"
            )
        row = real["tested"]
        lines += [
            "",
            f"Aim: found at least {RECALL:g} % ({verdict(row['recall'], RECALL, at_least=True)}), "
            f"marked at least {PRECISION:g} % "
            f"({verdict(row['precision'], PRECISION, at_least=True)}).",
        ]
    return "\n".join([*lines, "", sentence(told["machine"]), ""])


def _model(again: dict[str, float] | None, crossed: dict[str, float]) -> list[str]:
    lines = [
        f"Of black and brown hairs from {THICK:g} um {100.0 * crossed['apart']:.1f} % are found where "
        "hairs are far apart, and "
        f"{100.0 * crossed['lost']:.1f} points less for each 100 hairs/cm2 ({crossed['hairs']} hairs)."
    ]
    if again is not None:
        lines[0] += (
            " The same man photographed anew, set down 0.1 mm beside: CV of density over the true "
            f"one {again['density']:.3f}, of the mean "
            f"diameter {again['mean_diameter']:.3f}, in 0.29 cm2."
        )
    return [*lines, ""]


def _unit(name: str) -> str:
    return "%" if name in RELATIVE else "points" if WORDS[name][1] == "%" else WORDS[name][1]


def _row(title: str, rows: dict[str, dict[str, float]]) -> str:
    cells = [
        f"{rows[name]['bias']:+.0f} / {rows[name]['median']:.0f} / {rows[name]['ninety']:.0f}" if name in rows else "-"
        for name in FIGURES
    ]
    return f"| {title} | {int(next(iter(rows.values()))['pictures'])} | " + " | ".join(cells) + " |"


def table(kinds: dict[str, dict[str, dict[str, float]]]) -> str:
    """Errors by kind as CSV."""
    stream = io.StringIO()
    stream.write("kind,figure,bias,median,ninety,pictures\n")
    for kind, rows in kinds.items():
        for name, row in rows.items():
            numbers = f"{row['bias']:.2f},{row['median']:.2f},{row['ninety']:.2f},{int(row['pictures'])}"
            stream.write(f'"{kind}",{name},{numbers}\n')
    return stream.getvalue()


def main() -> int:
    """Measure, print, write."""
    made = parser(__doc__, PAGE, "a few pictures of each kind")
    made.add_argument("--marked", type=Path, metavar="FOLDER", help="marked photographs: Images/ and Annotations/")
    options = made.parse_args()
    told = found(options)
    hand_over(told, options, PAGE, text)
    if options.write and not options.quick:
        TABLE.write_text(table(told["mix"]["kinds"]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
