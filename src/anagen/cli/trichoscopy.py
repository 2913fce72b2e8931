"""The command `anagen trichoscopy`: hairs read in a picture of a scalp."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import JsonOption, emit, working

if TYPE_CHECKING:
    from anagen.trichoscopy.result import ScalpReading


def trichoscopy(
    image: Annotated[
        Path, typer.Argument(metavar="IMAGE", help="A picture of shaved scalp: PNG, JPEG, TIFF, BMP, WebP.")
    ],
    scale: Annotated[
        float,
        typer.Option("--scale", min=1.0, max=30.0, help="Skin to a pixel, in um; there is no guess in its place."),
    ],
    second: Annotated[
        Path | None, typer.Option("--second", metavar="IMAGE", help="The same place some days later: which hairs grow.")
    ] = None,
    days: Annotated[
        float | None, typer.Option("--days", min=1.0, max=5.0, help="Days between the two pictures.")
    ] = None,
    blur: Annotated[
        float | None,
        typer.Option("--blur", min=1.0, max=26.0, help="Blur of the camera, in um. [judged by the hairs]"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the files. [trichoscopy-IMAGE, where it is free]"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier reading there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read the hairs of a picture of shaved scalp: density, diameters, units, what grows, each with its error."""
    with working() as progress:
        from anagen.trichoscopy.result import read_hairs, targets_of

        folder = Path(f"trichoscopy-{image.stem}") if out is None else out
        for target in targets_of(folder, overwrite=overwrite).values():
            target.check()
        progress.stage("reading")
        result = read_hairs(image, scale, second=second, days=days, blur=blur)
        result.save(folder, overwrite=overwrite)
    emit({**result.document(), "folder": str(folder)}, as_json, lambda: _print(result, folder))


def _print(result: ScalpReading, folder: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.trichoscopy.result import NOTE, WORDS

    print(f"{result.headline()}.\nBlur {result.found.blur:.0f} um; kind of picture: {result.kind}.\n")
    rows = [
        (
            WORDS[row["figure"]][0],
            f"{row['value']:.3g} {row['unit']}",
            *(
                "not measured" if row["pictures"] == 0 else f"{row[column]:{sign}.2g} {row['error_unit']}"
                for column, sign in (("bias", "+"), ("median_error", ""), ("error_90", ""))
            ),
        )
        for row in result.table.to_dict(orient="records")
    ]
    print_table(
        "Read, and how far off such pictures were read",
        ("figure", "value", "bias", "half within", "9 in 10 within"),
        rows,
    )
    print(f"{NOTE}\nFiles: {folder} (hairs.csv, figures.csv, overlay.png, reading.json)")
