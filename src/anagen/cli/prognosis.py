"""The command `anagen prognosis`: one person with a treatment and without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    JsonOption,
    OutOption,
    OverwriteOption,
    ParametersOption,
    SeedOption,
    chosen_source,
    emit,
    working,
)

if TYPE_CHECKING:
    from anagen.prognoses.result import Prognosis


def prognosis(
    therapies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[THERAPY]...",
            help='Up to three: a name, "exosome@microneedle" for a route of it, or the keys of a study file: '
            '"{therapy: exosome, dose: 2e10 particles, schedule: {every: 4, sessions: 6}}".',
            show_default=False,
        ),
    ] = None,
    condition: Annotated[str, typer.Option("--condition", help="aga, aa, te or another condition.")] = "aga",
    sex: Annotated[str, typer.Option("--sex", help="male or female.")] = "male",
    age: Annotated[float, typer.Option("--age", help="In years.")] = 35.0,
    grade: Annotated[
        str | None,
        typer.Option("--grade", help="Norwood, Ludwig, Sinclair, Savin; SALT; acute, chronic. [a middle one]"),
    ] = None,
    years: Annotated[
        float | None, typer.Option("--years", help="Years since the loss began. [drawn]", show_default=False)
    ] = None,
    zone: Annotated[str, typer.Option("--zone", help="Zone of the scalp.")] = "vertex",
    sensitivity: Annotated[
        str | None,
        typer.Option(
            "--sensitivity",
            metavar="low|typical|high|SHARE",
            help="Share of people in whom therapies act less: low is 0.1, high 0.9. [drawn]",
            show_default=False,
        ),
    ] = None,
    ethnicity: Annotated[str, typer.Option("--ethnicity", help="african, asian or caucasian.")] = "caucasian",
    weeks: Annotated[int, typer.Option("--weeks", min=4, max=104, help="Last week.")] = 104,
    stop: Annotated[
        float | None,
        typer.Option("--stop", help="Week from which nothing is given, in a third course.", show_default=False),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", min=0, max=1000, help="Parameter draws; below 20 there is no band.")
    ] = 50,
    each: Annotated[int, typer.Option("--each", min=1, max=60, help="People like this one in every draw.")] = 4,
    seed: SeedOption = 1,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Tell what happens to one person with a treatment and without, and to a hundred people like this one."""
    with working() as progress:
        from anagen.core.errors import InputError
        from anagen.prognoses.result import prognosis as told
        from anagen.runs.folders import FolderOptions, into_folder

        person: dict[str, Any] = {
            "condition": condition,
            "sex": sex,
            "age": age,
            "grade": _number_or_text(grade),
            "years_since_onset": years,
            "zone": zone,
            "sensitivity": _number_or_text(sensitivity),
            "ethnicity": ethnicity,
            "seed": seed,
        }
        given = [_use(text, place) for place, text in enumerate(therapies or ())]
        parameters = chosen_source(source)

        def work(kept: Path) -> Prognosis:
            del kept
            return told(
                person,
                given,
                weeks=weeks,
                stop=stop,
                draws=draws,
                each=each,
                parameters=parameters,
                progress=progress,
            )

        def write(result: Prognosis, folder: Path) -> None:
            progress.stage("writing")
            result.save(folder, overwrite=overwrite)

        try:
            result, folder = into_folder("prognosis", FolderOptions(out, overwrite), work, write)
        except InputError as error:
            named = {"years_since_onset": "years"}
            raise InputError(
                replace(each, field=named.get(each.field, each.field)) for each in error.problems
            ) from None
    emit({"folder": str(folder), **result.document()}, as_json, lambda: _print(result, folder))


def _number_or_text(text: str | None) -> float | str | None:
    """A number where it is one."""
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def _use(text: str, place: int) -> Any:
    """A therapy by name, or its keys in YAML."""
    if not text.lstrip().startswith("{"):
        return text
    from anagen.core.errors import InputError, Problem
    from anagen.study.document import parse
    from anagen.study.findings import mapping

    try:
        return mapping(parse(f"therapy: {text}\n", None).data)["therapy"]
    except InputError as error:
        found = "; ".join(problem.message for problem in error.problems)
        raise InputError([Problem(None, None, None, f"therapies[{place}]", found)]) from None


def _print(result: Prognosis, folder: Path) -> None:
    from anagen.cli.console import print_frame
    from anagen.prognoses.folder import SCALPS
    from anagen.prognoses.sentences import seen_words
    from anagen.prognoses.visible import definition, judged_by

    asked, facts = result.asked, result.facts
    print(f"{asked.person.words()}, simulated person of seed {asked.person.seed}")
    judged = judged_by(asked.person.condition)
    shown = result.summary()[["course", "week", "hairs", "terminal", "resting", "empty", "diameter", judged]]
    print_frame(shown.round({"resting": 2, "empty": 2, "diameter": 1, judged: 2}))
    print(result.headline())
    if result.spread is not None:
        if asked.treated:
            print(seen_words(result.spread))
        print(definition(judged, asked.scene(0).values))
    for known in facts.therapies:
        level = known.certainty or "not set"
        because = f" ({known.reasons})" if known.reasons else ""
        print(f"{known.title}: certainty {level}{because}. {known.evidence}")
    if asked.treated:
        print(f"Cost: {facts.cost_words()}.")
        print("Harms by the last week: " + "; ".join(harm.words() for harm in facts.harms[:6]) + ".")
    for words, sentences in (
        ("Must not be given", facts.forbidden),
        ("Bear in mind", facts.careful),
        ("Unlike those studied", facts.unlike),
    ):
        for sentence in sentences:
            print(f"{words}: {sentence}")
    print("Research software, not medical advice.")
    print(f"Results: {folder}\nScalps:  {folder / SCALPS}")
