"""Units, measures and names as people read them, the same in the terminal, on a page and in a picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from anagen.core.measures import RESPONDERS
from anagen.reports.numbers import MINUS, MISSING, is_number, significant, with_unit

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

    >>> from anagen.reports.numbers import NBSP
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
    >>> from anagen.reports.numbers import NBSP
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

    >>> from anagen.reports.numbers import NBSP
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
