"""What a drawn scalp costs: bytes, processor time to make, and time to paint in a browser.

    python benchmarks/pictures.py [--quick] [--json] [--write]

The patient is the one of a small run whose target area is nearest to 300 hairs. Making is timed from follicles to bytes
by the processor's clock, in this process; painting in a headless Chromium where playwright and a browser are at hand,
from the text of the picture to its pixels, without waiting for a frame of the screen.
"""

from __future__ import annotations

import base64
import gzip
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from measuring.asked import hand_over, parser, verdict
from measuring.machine import machine, sentence

PAGE = "benchmarks/pictures.md"
STUDY, PATIENTS, QUICK_PATIENTS, SEED = "antiandrogens-women", 20, 4, 2
HAIRS = 300
REPEATS, QUICK = 25, 3
MOST_BYTES, MOST_PAINT = 30_000, 20.0
"""What is asked of a target area of HAIRS hairs: bytes of its SVG, and milliseconds until it is painted."""
WIDTH = 720
"""Of the painted picture [px]."""
PAINT = """async ([kind, data, width, repeats]) => {
  const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0)), found = [];
  for (let i = 0; i < repeats; i++) {
    const url = URL.createObjectURL(new Blob([bytes], {type: kind})), img = new Image();
    const start = performance.now();
    img.src = url; await img.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width; canvas.height = Math.round(width * img.naturalHeight / img.naturalWidth);
    const pen = canvas.getContext('2d');
    pen.drawImage(img, 0, 0, canvas.width, canvas.height); pen.getImageData(0, 0, 1, 1);
    found.push(performance.now() - start); URL.revokeObjectURL(url);
  }
  return found;
}"""


def main() -> int:
    """Measure, print, and write the page where asked."""
    chosen = parser(__doc__, PAGE, "three repeats and no browser: about 5 s").parse_args()
    here, repeats = machine(), QUICK if chosen.quick else REPEATS
    found: dict[str, Any] = {"benchmark": "pictures", "quick": chosen.quick, "machine": here, "browser": None}
    found |= {"hairs": 0, "pictures": []}
    made = pictures(found)
    for name, (kind, make, again) in made.items():
        data = make()
        row = {"name": name, "bytes": len(data), "gzip": len(gzip.compress(data)), "make_ms": timed(again, repeats)}
        found["pictures"].append(row | {"paint_ms": None, "kind": kind, "data": data})
    if not chosen.quick:
        paint(found, repeats)
    for row in found["pictures"]:
        del row["data"]
    hand_over(found, chosen, PAGE, page)
    return 0


def pictures(found: dict[str, Any]) -> dict[str, tuple[str, Callable[[], bytes], Callable[[], object]]]:
    """Pictures by name: media type, what writes them, and what is timed; the number of hairs goes into `found`."""
    import anagen
    from anagen.scalp.picture.svg import to_svg

    patients = QUICK_PATIENTS if found["quick"] else PATIENTS
    result = anagen.run(STUDY, patients=patients, draws=0, seed=SEED)
    visits = result.visits
    first = visits[(visits["endpoint"] == "total_density") & (visits["week"] == 0.0) & visits["assigned"]]
    nearest = first.assign(off=(first["true"] - HAIRS).abs()).sort_values("off", kind="stable")
    patient = int(nearest["patient"].iloc[0])
    found["hairs"] = round(float(nearest["true"].iloc[0]))
    shaved = result.picture(patient, [0.0], days=(3,))
    grown = result.picture(patient, [0.0], view="trichoscopy")
    above = result.picture(patient, [0.0], view="vertex")
    svg, png = "image/svg+xml", "image/png"

    def by_phase() -> bytes:
        return to_svg(shaved.page, by="phase")

    return {
        "shaved, SVG by hair": (svg, shaved.svg, shaved.svg),
        "shaved, SVG by phase": (svg, by_phase, by_phase),
        "shaved, PNG": (png, shaved.png, shaved.png),
        "grown, SVG by hair": (svg, grown.svg, grown.svg),
        "from above, SVG": (svg, above.svg, above.svg),
        "from above, PNG": (png, above.png, above.png),
    }


def timed(make: Callable[[], object], repeats: int) -> float:
    """Median milliseconds of processor time, after one run that is not counted."""
    make()
    found: list[float] = []
    for _ in range(repeats):
        start = time.process_time()
        make()
        found.append(1000.0 * (time.process_time() - start))
    return statistics.median(found)


def paint(found: dict[str, Any], repeats: int) -> None:
    """Times in a browser, where there is one."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    if browser is None:
        return
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        sheet = opened.new_page()
        found["browser"] = f"Chromium {opened.version}, drawn by the processor"
        for row in found["pictures"]:
            asked = [row["kind"], base64.b64encode(row["data"]).decode(), WIDTH, repeats + 3]
            # the first ones warm the browser up
            row["paint_ms"] = statistics.median(sheet.evaluate(PAINT, asked)[3:])
        opened.close()


def page(found: dict[str, Any]) -> str:
    """Text of docs/benchmarks/pictures.md."""
    lines = ["| | kB | kB packed | made, ms | painted, ms |", "|---|---|---|---|---|"]
    for row in found["pictures"]:
        painted = "not measured" if row["paint_ms"] is None else f"{row['paint_ms']:.1f}"
        sizes = f"{row['bytes'] / 1000:.1f} | {row['gzip'] / 1000:.1f}"
        lines.append(f"| {row['name']} | {sizes} | {row['make_ms']:.1f} | {painted} |")
    table = "\n".join(lines)
    area = [row for row in found["pictures"] if row["name"].startswith("shaved, SVG")]
    size = verdict(max(row["bytes"] for row in area), MOST_BYTES)
    asked = f"at most {MOST_BYTES // 1000} kB: {size}"
    if found["browser"] is not None:
        asked += f"; painted within {MOST_PAINT:g} ms: {verdict(max(row['paint_ms'] for row in area), MOST_PAINT)}"
    browser = found["browser"] or "No browser was at hand."
    return f"""# What a drawn scalp costs

Generated by `python benchmarks/pictures.py --write`; `--quick` gives a short run, `--json` one JSON document.

{sentence(found["machine"])} {browser}

One panel with its strip and captions; the target area has 1 cm2 and {found["hairs"]} hairs.

{table}

Of an SVG of a target area is asked: {asked}.

Medians. *Made* is processor time from the laid-out page to bytes; drawing the follicles takes 4 to 8 ms more and
simulating them 50 to 500 ms. *Painted* is the time from bytes to pixels, {WIDTH} px wide, without the wait for the next
frame of a screen.
"""


if __name__ == "__main__":
    sys.exit(main())
