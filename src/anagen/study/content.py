"""What a study says, however it is written: what is a set has one order, and equal studies have one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast, get_args

from anagen.core.reading import is_list, is_mapping, number
from anagen.delivery import ROUTES
from anagen.delivery.prescription import REFERENCE_AREA
from anagen.study.analysis import Stratum
from anagen.study.attachments import product_of_text
from anagen.study.covariates import COVARIATES
from anagen.study.dosing import PER_AREA
from anagen.study.findings import mapping, sequence
from anagen.study.models import StudyFields
from anagen.study.values import Range
from anagen.study.vocabulary import Vocabulary, grades_of

HASH_VERSION = 2
"""Version of the hash of a study; what was hashed before keeps its version and is verified under it."""
_DIGITS = 12
"""Significant digits of a number in the hash: what rounding does when a unit is converted is no difference."""
_SILENT: Mapping[str, tuple[Any, ...]] = {
    "settings": ({},),
    "product_file": (None,),
    "treated_area": (None, {"value": REFERENCE_AREA, "unit": PER_AREA}),
    "mechanism": (None,),
    "cohort": (None,),
    "comparator": (None,),
    "rescue": (None,),
    "use": (None,),
    "reason": (None,),
    "p": (None,),
    "p_below": (None,),
    "p_above": (None,),
    "result": (None,),
    "unreported": ([],),
    "counted": (None, []),
    "strength": (None,),
    "zone": (None,),
    "credibility": (None, {"influence": None, "consequence": None, "context": None}),
}
"""Keys of the format that came after its first version, with the values that mean the same as leaving them out."""
_PHASES = ("dose", "doses", "days", "pause", "phases")
"""The same of a schedule or phase; a phase that leaves one out is given no more than one that says so."""
_PRODUCT_SILENT: Mapping[str, Mapping[str, Any]] = {
    "": {
        "process": None,
        "stability": [],
        "shelf_life": None,
        "release": None,
        "lot": [],
        "ev_track": None,
        "subpopulation": [],
    },
    "preparation": {"priming": None, "blocked_route": None},
    "batch": {"of": None},
    "release": {"date": None},
    "particles": {"wetted_surface": None, "counted": "at_release", "counted_age": None},
}
"""Keys of a product file and its tables that came after its first version, with what leaving them out means."""
_FIRST_CARGO = ("surface_wnt", "catalase", "superoxide_dismutase", "vegf", "igf1")
"""Keys of the table that listed cargo first."""
_SPELLING = frozenset({"called", "follows"})
"""Keys of a therapy that say how the file was written."""


def in_one_order(data: Mapping[str, object], words: Vocabulary) -> dict[str, object]:
    """A checked study's data with everything that has no order in the order of the registries.

    Shares, grades, criteria, strata and lists of names are sets: in whatever order a file writes them, the study is the
    same, and so are its hash and its patients. A sex or ethnicity with a share of 0 is left out.

    Parameters
    ----------
    data : mapping
        A study's data, defaults filled in.
    words : Vocabulary
        Names in their order.

    Returns
    -------
    dict
        The data in that order; what has the wrong shape stays as it is.
    """
    ordered = dict(data)
    population = dict(mapping(data.get("population")))
    condition = words.conditions.get(str(population.get("condition")))
    for key, names in (("sex", words.sexes), ("ethnicity", words.ethnicities.names())):
        if is_mapping(population.get(key)):
            shares = _sorted_keys(mapping(population[key]), names)
            present = {name: share for name, share in shares.items() if number(share) != 0.0}
            population[key] = present or shares
    for key in ("inclusion", "baseline"):
        if is_mapping(population.get(key)):
            population[key] = _sorted_keys(mapping(population[key]), words.endpoints.names())
    if condition is not None and is_mapping(population.get("severity")):
        scales = _sorted_keys(mapping(population["severity"]), condition.scales())
        population["severity"] = {
            scale: _sorted_names(grades, grades_of(condition, scale)) for scale, grades in scales.items()
        }
    if "exclusions" in population:
        population["exclusions"] = _sorted_names(population["exclusions"])
    if is_mapping(data.get("population")):
        ordered["population"] = population
    if is_mapping(data.get("safety")):
        ordered["safety"] = {key: _sorted_names(value) for key, value in mapping(data["safety"]).items()}
    design = mapping(data.get("design"))
    randomisation = mapping(design.get("randomisation"))
    if "strata" in randomisation:
        strata = _sorted_names(randomisation["strata"], get_args(Stratum))
        ordered["design"] = design | {"randomisation": randomisation | {"strata": strata}}
    return ordered


def content_sha256(study: StudyFields, version: int = HASH_VERSION) -> str:
    """SHA-256 of what a study says; two studies that say the same have the same hash.

    Comments, layout, order of keys and spelling of quantities do not matter. Since version 2 neither do the order of
    what is a set, the unit of a quantity, what a dose is per, or whether a default is written. Defaults are filled in,
    numbers have 12 significant digits, keys are sorted; of a file that the study names it holds what the file says.

    Parameters
    ----------
    study : StudyFields
        A checked study.
    version : int, default 2
        Of the hash, 1 or 2.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    ValueError
        Where there is no such version.
    """
    if version not in (1, HASH_VERSION):
        raise ValueError(f"hashes of studies have the versions 1 and {HASH_VERSION}, not {version}")
    content = _written(study.model_dump(mode="json"))
    for key in COVARIATES:
        # how a published trial was conducted changes nothing that is simulated
        content.pop(key, None)
    if version == HASH_VERSION:
        content = _rounded(_meant(study, content))
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _sorted_keys(items: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    known = {name: items[name] for name in names if name in items}
    return known | dict(items)


def _sorted_names(value: object, names: Sequence[str] = ()) -> object:
    """A list of names in the order of `names`, or of the alphabet; anything else as it is."""
    listed = sequence(value)
    if not is_list(value) or not all(isinstance(name, str) for name in listed):
        return value
    known: Iterable[object] = (name for name in names if name in listed)
    return [*known, *sorted(cast("list[str]", [name for name in listed if name not in names]))]


def _written(value: Any) -> Any:
    """Dumped data without spelling, and without keys that say nothing beyond their default.

    The latter keeps the hash of a study that was written before the format had the key. The other name of a therapy is
    a spelling.
    """
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        spelling = {"text"} if "unit" in items else {"text", "file"} if "sha256" in items else set[str]()
        spelling |= _SPELLING if "therapy" in items else set[str]()
        spelling |= {key for key in _PHASES if not items.get(key)} if "per_day" in items else set[str]()
        content = {key: _written(item) for key, item in items.items() if key not in spelling}
        return {key: item for key, item in content.items() if key not in _SILENT or item not in _SILENT[key]}
    if isinstance(value, list):
        return [_written(item) for item in cast("list[Any]", value)]
    return value


def _meant(study: StudyFields, content: dict[str, Any]) -> dict[str, Any]:
    """Dumped data with one spelling of what can be spelt in two ways."""
    first = next((arm.name for arm in study.arms if arm.control), None)
    last = study.measurement.visits[-1]
    for arm in content["arms"]:
        if arm.get("comparator") == first:
            arm.pop("comparator", None)
    for arm, dumped in zip(study.arms, content["arms"], strict=True):
        for use, entry in zip(arm.uses, [*dumped["therapies"], *_of_rescue(dumped)], strict=True):
            said = entry["schedule"]
            phases = (
                [(use.schedule, said)]
                if use.schedule.phases is None
                else list(zip(use.schedule.phases, said["phases"], strict=True))
            )
            for phase, rhythm in phases:
                if phase.per_day is not None or phase.pause:
                    rhythm["until"] = last if phase.until is None else min(phase.until, last)
                    continue
                rhythm.pop("until")
                if phase.sessions in (None, 1) and phase.days is None:
                    rhythm |= {"sessions": 1, "every": None}
                own = [(phase.dose, rhythm.get("dose"))] if phase.dose is not None else []
                own += zip(phase.doses or (), rhythm.get("doses", ()), strict=True)
                for dose, written in own:
                    if use.treated_area is not None:
                        written["value"] = dose.value / (1.0 if use.per == PER_AREA else use.treated_area.value)
            if use.adherence is not None and use.adherence.mean == 1.0:
                entry["adherence"] = None
            if use.dose is not None and use.treated_area is not None:
                by_area = use.per == PER_AREA
                entry["dose"]["value"] = use.dose.value / (1.0 if by_area else use.treated_area.value)
                entry["per"] = PER_AREA
                entry.pop("treated_area", None)
            defaults = {setting.name: setting.default for setting in ROUTES[use.route].settings}
            settings = {name: item for name, item in use.settings.items() if item.value != defaults.get(name)}
            entry["settings"] = {name: entry["settings"][name] for name in settings}
            if use.product_file is not None:
                product = product_of_text(use.product_file.text, use.product_file.file)
                entry["product_file"] = _product_content(product.model_dump(mode="json"))
    for scale, limits in study.population.severity.items():
        if isinstance(limits, Range):
            low, high = limits.min, limits.max
            content["population"]["severity"][scale] = [0.0 if low is None else low, 100.0 if high is None else high]
    return content


def _of_rescue(arm: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Dumped therapies of an arm's rescue."""
    return arm["rescue"]["therapies"] if "rescue" in arm else []


def _rounded(value: Any) -> Any:
    """Numbers with as many digits as the hash keeps; a negative zero is zero."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_rounded(item) for item in cast("list[Any]", value)]
    return float(f"{value:.{_DIGITS}g}") + 0.0 if isinstance(value, float) else value


def _product_content(written: dict[str, Any]) -> dict[str, Any]:
    """What a product file says; a later key that is left out hashes as it did before there was one."""
    for table, silent in _PRODUCT_SILENT.items():
        place = written.get(table) if table else written
        if place is None:
            continue
        for key, unsaid in silent.items():
            if place[key] == unsaid:
                del place[key]
    if written["potency"] is not None and written["potency"]["passage"] is None:
        del written["potency"]["passage"]
    for acting in (*written["mirna"], *filter(None, [written["engineering"]])):
        if acting["acts_through"] is None:
            del acting["acts_through"]
    if not written["cargo"]:
        written["cargo"] = dict.fromkeys(_FIRST_CARGO)
    return written
