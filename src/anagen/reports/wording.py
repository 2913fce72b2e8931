"""Numbers, units and names as people read them, the same in the terminal, on a page and in a picture.

An estimate has as many decimals as give two significant digits of its standard error (`decimals_for`), and so have the
ends of its interval. Any other number has four significant digits (`significant`). A p value has three decimals below
0.1 and two above (`p_text`). A minus is a minus sign, not a hyphen. JSON and CSV hold the numbers themselves.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING
from urllib.parse import quote

from anagen.analysis.bands import LEAST_DRAWS
from anagen.core.measures import RESPONDERS
from anagen.core.words import counted

if TYPE_CHECKING:
    import pandas as pd

MINUS = "\u2212"
NBSP = "\u00a0"
DASH = "\u2013"
MISSING = "not available"
_UNITS = {
    "hairs/cm2": "hairs/cm²",
    "hairs/cm^2": "hairs/cm²",
    "hair/cm2": "hairs/cm²",
    "cm2": "cm²",
    "cm^2": "cm²",
    "um": "µm",
    "micrometer": "µm",
    "percent": "%",
    "1": "",
    "dimensionless": "",
}
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)(10\.\d{4,9}/[^\s;,\"'<>]+)", re.IGNORECASE)


@dataclass(frozen=True)
class EndpointName:
    """What an endpoint is called and its unit, as printed; `rising` where a rise is the wanted change."""

    title: str
    unit: str
    rising: bool = True


def pretty_unit(unit: str | None) -> str:
    """Unit as printed.

    >>> pretty_unit("hairs/cm2")
    'hairs/cm²'
    """
    text = (unit or "").strip()
    if text in _UNITS:
        return _UNITS[text]
    return text.replace("^2", "²").replace("cm2", "cm²").replace("um/", "µm/")


def endpoint_names(names: Sequence[str]) -> dict[str, EndpointName]:
    """Title and printed unit of endpoints, from the registry; an adverse event or unknown name keeps its own words."""
    from anagen.scalp import ENDPOINTS

    names_printed: dict[str, EndpointName] = {}
    for name in names:
        entry = ENDPOINTS.get(name)
        if entry is None:
            names_printed[name] = EndpointName(sentence_case(name.replace("adverse_event:", "adverse event: ")), "")
        else:
            names_printed[name] = EndpointName(
                sentence_case(entry.title), pretty_unit(entry.unit), entry.higher_is_better
            )
    return names_printed


def therapy_title(name: str) -> str:
    """A therapy in words; any other name as it is, in plain words.

    >>> therapy_title("lllt"), therapy_title("untreated course")
    ('low-level light', 'untreated course')
    """
    from anagen.therapies import THERAPIES

    therapy = THERAPIES.get(name)
    return name.replace("_", " ") if therapy is None else therapy.title


def name_of(endpoint: str, names: Mapping[str, EndpointName]) -> EndpointName:
    """Printed name of an endpoint; its own identifier in plain words where `names` lacks it."""
    return names.get(endpoint, EndpointName(sentence_case(endpoint), ""))


def sentence_case(text: str) -> str:
    """Words with the first letter in upper case and underscores as spaces.

    >>> sentence_case("total_density")
    'Total density'
    """
    words = str(text).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def lower_first(text: str) -> str:
    """`text` for the middle of a sentence: first letter in lower case unless it begins an abbreviation.

    >>> lower_first("Total density"), lower_first("SALT score")
    ('total density', 'SALT score')
    """
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def measure_scale(measure: str) -> float:
    """Factor from the number in a table to the number printed: shares of patients are printed in per cent."""
    return 100.0 if is_share(measure) else 1.0


def is_share(measure: str) -> bool:
    """Whether a measure is a share of patients."""
    return measure == "share" or measure in RESPONDERS


def measure_unit(measure: str, unit: str, *, difference: bool = False) -> str:
    """Unit of an endpoint under a measure, as printed; `difference` for a contrast between two arms.

    >>> measure_unit("percent_change", "hairs/cm²", difference=True)
    'percentage points'
    """
    if measure == "percent_change":
        return "percentage points" if difference else "%"
    if is_share(measure):
        return "percentage points" if difference else "%"
    return unit


def measure_words(measure: str, threshold: object = None, name: EndpointName | None = None) -> str:
    """What is done with the endpoint, in plain words; of a share, who is counted in it where the threshold is known.

    >>> measure_words("responder_percent", -50.0, EndpointName("Total density", "hairs/cm²")).replace(NBSP, " ")
    'share of patients who lost at least 50 %'
    """
    words = {
        "change": "change from baseline",
        "percent_change": "percentage change from baseline",
        "value": "value at the visit",
        **dict.fromkeys(RESPONDERS, "share of patients who reached the threshold"),
        "share": "share of patients",
    }
    if measure in RESPONDERS and is_number(threshold) and name is not None:
        return f"share of patients who {reached_words(measure, threshold, name)}"
    return words.get(measure, sentence_case(measure).lower())


def reached_words(measure: str, threshold: object, name: EndpointName) -> str:
    """What those did who are counted in a share of patients, the threshold with its unit.

    Parameters
    ----------
    measure : str
        One of `RESPONDERS`.
    threshold : object
        A number [unit of the endpoint, or per cent].
    name : EndpointName
        Of the endpoint; what is wanted of it decides on which side of a value they are.

    Examples
    --------
    >>> salt = EndpointName("Severity of alopecia (SALT)", "points", rising=False)
    >>> reached_words("responder_value", 20.0, salt).replace(NBSP, " ")
    'had at most 20 points'
    >>> reached_words("responder_percent", -50.0, salt).replace(NBSP, " ")
    'had a fall of at least 50 %'
    """
    limit, by_value = float(threshold), measure == "responder_value"  # type: ignore[arg-type]
    size = with_unit(significant(limit if by_value else abs(limit)), _unit_of_threshold(measure, name))
    if by_value:
        return f"had at {'least' if name.rising else 'most'} {size}"
    gains = limit >= 0.0
    if limit == 0.0:
        return "lost nothing" if name.rising else "had no fall"
    if name.rising:
        return f"{'gained' if gains else 'lost'} at least {size}"
    return f"had a {'rise' if gains else 'fall'} of at least {size}"


def _unit_of_threshold(measure: str, name: EndpointName) -> str:
    unit = measure_unit(RESPONDERS[measure], name.unit)
    return "" if unit.lower() in name.title.lower() else unit


def quantity_words(name: EndpointName, measure: str, threshold: object = None) -> str:
    """An endpoint under a measure, for the middle of a sentence.

    >>> quantity_words(EndpointName("Total density", "hairs/cm²"), "percent_change")
    'the percentage change in total density'
    >>> salt = EndpointName("SALT", "points", rising=False)
    >>> quantity_words(salt, "responder_value", 20.0).replace(NBSP, " ")
    'the share of patients who had at most 20 points in SALT'
    """
    title = lower_first(name.title)
    if measure in RESPONDERS:
        return f"the {measure_words(measure, threshold, name)} in {title}"
    words = {"change": f"the change in {title}", "percent_change": f"the percentage change in {title}"}
    return words.get(measure, title)


def is_number(value: object) -> bool:
    """Whether `value` is a finite number; a truth value and text are none.

    >>> is_number(2.5), is_number(float("nan")), is_number(True), is_number("2")
    (True, False, False, False)
    """
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def decimals_for(uncertainty: object, value: object = None) -> int:
    """Decimals that give two significant digits of the uncertainty (of a third of the value without one), at most
    three decimals unless they would hide it.

    >>> decimals_for(3.5), decimals_for(0.012), decimals_for(41.0)
    (1, 3, 0)
    """
    scale = abs(float(uncertainty)) if is_number(uncertainty) else 0.0  # type: ignore[arg-type]
    if scale == 0.0 and is_number(value):
        scale = abs(float(value)) / 3.0  # type: ignore[arg-type]
    if scale == 0.0:
        return 1
    needed = max(0, 1 - math.floor(math.log10(scale) + 1e-9))
    return min(needed, 3) if scale >= 0.001 else min(needed, 6)


def number(value: object, decimals: int = 1, *, signed: bool = False) -> str:
    """Number with fixed decimals, a true minus sign and, when `signed`, a plus sign.

    >>> number(8.04, 1, signed=True), number(float("nan"))
    ('+8.0', 'not available')
    """
    if not is_number(value):
        return MISSING
    rounded = round(float(value), decimals)  # type: ignore[arg-type]
    if rounded == 0:
        return f"{0:.{decimals}f}"
    text = f"{abs(rounded):,.{decimals}f}"
    return (MINUS if rounded < 0 else "+" if signed else "") + text


def significant(value: object, digits: int = 4, *, signed: bool = False) -> str:
    """Number with at most `digits` significant digits, thousands separated, powers of ten outside 1e-3 to 1e6.

    >>> significant(0.0003), significant(753.04), significant(1e10), significant(2, signed=True)
    ('3×10⁻⁴', '753', '1×10¹⁰', '+2')
    """
    if not is_number(value):
        return MISSING
    x = float(value)  # type: ignore[arg-type]
    if x == 0:
        return "0"
    mantissa, exponent = f"{abs(x):.{digits - 1}e}".split("e")
    power = int(exponent)
    if -3 <= power < 6:
        text = f"{float(f'{abs(x):.{digits - 1}e}'):,.{max(0, digits - 1 - power)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        text = f"{mantissa}×10{raised}"
    return (MINUS if x < 0 else "+" if signed else "") + text


def interval(low: object, high: object, decimals: int | None = 1, *, signed: bool = True) -> str:
    """Interval in words, "low to high"; to four significant digits where `decimals` is None.

    >>> interval(-1.0, 2.0), interval(0.5, 1234.56, None, signed=False)
    ('−1.0 to +2.0', '0.5 to 1,235')
    """
    if not (is_number(low) and is_number(high)):
        return MISSING
    if decimals is None:
        return f"{significant(low, signed=signed)} to {significant(high, signed=signed)}"
    return f"{number(low, decimals, signed=signed)} to {number(high, decimals, signed=signed)}"


BAND_COLUMNS = ("parameter_low", "parameter_high")
"""Columns of the tables of arms and of safety that hold the ends of a band."""


def has_band(draws: int) -> bool:
    """Whether so many parameter draws have a band that people are told."""
    return draws >= LEAST_DRAWS


def for_people(table: pd.DataFrame, draws: int, *columns: str) -> pd.DataFrame:
    """The table as people read it: without the ends of bands where there are too few draws for one.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.
    draws : int
        Parameter draws behind it.
    *columns : str
        Columns that hold the ends of bands.

    Returns
    -------
    pandas.DataFrame
        The same table where there are draws enough, otherwise a copy in which these columns are NaN.
    """
    return table if has_band(draws) else table.assign(**dict.fromkeys(columns, math.nan))


def no_band(draws: int) -> str:
    """That there are too few draws for a band.

    >>> no_band(2), no_band(0)
    ('no band: 2 draws', 'no band: no draws')
    """
    return f"no band: {counted(draws, 'draw') if draws else 'no draws'}"


def is_figure(text: str) -> bool:
    """Whether a text is a number, a number with its range, or what stands for one: a dash, none, no band.

    >>> is_figure("+8.1 (−1.0 to +17)"), is_figure(no_band(2)), is_figure(DASH), is_figure("2 draws")
    (True, True, True, False)
    """
    bare = re.sub(r"\b(to|of|none)\b", "", text)
    return (
        text in (DASH, "none")
        or text.startswith("no band: ")
        or (any(c.isdigit() for c in bare) and not any(c.isalpha() for c in bare))
    )


def with_unit(text: str, unit: str) -> str:
    """Number and unit with a space that does not break, none when there is no unit."""
    return f"{text}{NBSP}{unit}" if unit else text


def p_text(p: object) -> str:
    """P value as journals print it: three decimals below 0.1, two above, and none closer to 0 or 1 than that tells.

    >>> p_text(0.0004), p_text(0.0213), p_text(0.584), p_text(0.998), p_text(None)
    ('p < 0.001', 'p = 0.021', 'p = 0.58', 'p > 0.99', 'p not available')

    References
    ----------
    AMA Manual of Style, 11th edition, section 19.5, "P value".
    """
    if not is_number(p):
        return "p not available"
    x = float(p)  # type: ignore[arg-type]
    if x < 0.001:
        return "p < 0.001"
    if x > 0.994999:
        return "p > 0.99"
    return f"p = {x:.3f}" if x < 0.0995 else f"p = {x:.2f}"


def percent(share: object, decimals: int = 0) -> str:
    """Share as per cent.

    >>> percent(0.954).replace(NBSP, " ")
    '95 %'
    """
    return f"{number(100.0 * float(share), decimals)}{NBSP}%" if is_number(share) else MISSING  # type: ignore[arg-type]


def weeks(week: object) -> str:
    """Week number without needless decimals.

    >>> weeks(24.0), weeks(6.5)
    ('24', '6.5')
    """
    return f"{float(week):g}" if is_number(week) else MISSING  # type: ignore[arg-type]


def contrast_text(arm: str, control: str) -> str:
    """Name of the difference between two arms."""
    return f"{arm} {MINUS} {control}"


def subject_text(subject: object) -> str:
    """An arm, or the difference between two, with a true minus sign.

    >>> subject_text("exosome - saline")
    'exosome − saline'
    """
    return str(subject).replace(" - ", f" {MINUS} ")


def titled(title: str, unit: str) -> str:
    """Title with its unit in brackets, unless there is none or the title already names it.

    >>> titled("Mean hair diameter", "µm"), titled("Anagen share", "share")
    ('Mean hair diameter (µm)', 'Anagen share')
    """
    return title if not unit or unit.lower() in title.lower() else f"{title} ({unit})"


def joined(words: Sequence[str]) -> str:
    """List in words.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def source_parts(text: object) -> tuple[tuple[str, str | None], ...]:
    """Source split into (text, link) parts; only DOIs become links, and only to doi.org.

    >>> source_parts("Halloy 2000, doi:10.1073/pnas.97.15.8328")[1]
    ('doi:10.1073/pnas.97.15.8328', 'https://doi.org/10.1073/pnas.97.15.8328')
    """
    words = "" if text is None or text != text else str(text)
    parts: list[tuple[str, str | None]] = []
    end = 0
    for match in _DOI.finditer(words):
        doi = match.group(1).rstrip(".)")
        stop = match.start(1) + len(doi)
        if match.start() > end:
            parts.append((words[end : match.start()], None))
        parts.append((f"doi:{doi}", f"https://doi.org/{quote(doi, safe='/().:;-_')}"))
        end = stop
    if end < len(words):
        parts.append((words[end:], None))
    return tuple(parts)
