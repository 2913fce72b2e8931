"""The command `anagen network fit`: an assay informs weights and half-levels of the signalling network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    JsonOption,
    OutOption,
    OverwriteOption,
    ParametersOption,
    SeedOption,
    WithoutOption,
    chosen_source,
    emit,
    working,
)

if TYPE_CHECKING:
    from anagen.assays.result import AssayResult
    from anagen.signalling.network import Network

ROWS_PRINTED = 12
AssaysArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="ASSAY...",
        help="CSV with the columns readout, value and error; condition, time, scale (fold or level); and one for each "
        'input given, such as "VESICLE_UPTAKE [particles/mL]".',
    ),
]
StudyOption = Annotated[
    str | None, typer.Option("--study", help="Study whose network and condition are meant; a file or a shipped one.")
]
NetworkOption = Annotated[
    Path | None, typer.Option("--network", help="File with nodes and edges added to the shipped ones.")
]
ConditionOption = Annotated[
    str | None,
    typer.Option("--condition", help="Condition of rows that name none: healthy, aga, aa, te. [the study's, or aga]"),
]
FitDrawsOption = Annotated[
    int, typer.Option("--draws", min=100, max=100_000, help="Draws of each of four chains, half as many before them.")
]
DiscrepancyOption = Annotated[
    float,
    typer.Option(
        "--discrepancy", min=0.0, max=1.0, help="Share of a value by which the network may miss it: an assumption."
    ),
]


def fit(
    assays: AssaysArgument,
    study: StudyOption = None,
    network: NetworkOption = None,
    without: WithoutOption = None,
    condition: ConditionOption = None,
    seed: SeedOption = 1,
    draws: FitDrawsOption = 1500,
    discrepancy: DiscrepancyOption = 0.1,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Let an assay inform weights and half-levels: before and after, what trades off, draws for `run` and `explain`."""
    with working() as progress:
        from anagen.assays.fit import Settings
        from anagen.assays.folder import without_assays
        from anagen.assays.result import fit as fit_assays
        from anagen.runs.folders import FolderOptions, into_folder

        meant, usual = _network(study, network, without)
        chosen = without_assays(chosen_source(source))
        settings = Settings(seed=seed, draws=draws, warmup=draws // 2, discrepancy=discrepancy)
        where = usual if condition is None else _condition(condition, meant)

        def work(kept: Path) -> AssayResult:
            del kept
            return fit_assays(assays, meant, where, settings, parameters=chosen, progress=progress)

        def write(result: AssayResult, folder: Path) -> None:
            progress.stage("writing")
            result.save(folder, overwrite=overwrite)

        result, folder = into_folder(f"fit-{assays[0].stem}", FolderOptions(out, overwrite), work, write)
    emit({**result.document(), "folder": str(folder)}, as_json, lambda: _print(result, folder))


def _network(study: str | None, file: Path | None, without: list[str] | None) -> tuple[Network, str]:
    """The network that is meant, and the condition of rows that name none."""
    from anagen.core.errors import InputError, Problem
    from anagen.signalling.network import load_network, network_from_file

    if study is not None and file is not None:
        message = "is given beside --study, which names its own network; leave one of them out"
        raise InputError([Problem(None, None, None, "--network", message)])
    if study is not None:
        from anagen.patients import CONDITIONS
        from anagen.study import Study
        from anagen.trials.protocol import protocol

        loaded = Study.load(study)
        network, usual = protocol(loaded).network or load_network(), CONDITIONS[loaded.population.condition].network
    else:
        network = load_network() if file is None else network_from_file(file, base=load_network())
        usual = "aga" if "aga" in network.conditions else network.conditions[0]
    return network.without(*without) if without else network, usual


def _condition(name: str, network: Network) -> str:
    from anagen.cli.network import chosen_condition

    return chosen_condition(name, network)


def _print(result: AssayResult, folder: Path) -> None:
    from anagen.assays.page import PAGE, PAIR_HEADER, WEIGHT_HEADER, printed_weights, sentences
    from anagen.cli.console import print_table

    for sentence in sentences(result):
        print(sentence)
    print()
    shown = printed_weights(result.weights.head(ROWS_PRINTED))
    more = f", the {ROWS_PRINTED} that are informed most" if len(result.weights) > ROWS_PRINTED else ""
    header = ("of", "before", "90 % before", "after", "90 % after", *WEIGHT_HEADER[5:])
    print_table(f"Weights and half-levels before and after{more}", header, shown)
    what = dict(zip(result.weights["name"], result.weights["what"], strict=True))
    pairs = [
        (what[row["first"]], what[row["second"]], f"{row['correlation']:+.2f}")
        for row in result.pairs.head(ROWS_PRINTED).to_dict(orient="records")
    ]
    if pairs:
        print_table("Trading off: known only together", PAIR_HEADER, pairs)
    print(f"Results: {folder}\nPage:    {folder / PAGE}\nDraws:   {folder / 'posterior.parquet'} (for --parameters)")
