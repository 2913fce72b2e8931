"""What the studio bears: clients on the Clinic, memory over many pictures, jobs that wait, and the slider in a browser.

    python benchmarks/studio.py [--quick] [--json] [--write]

The studio runs as a process of its own, with its rates lifted, as twenty people have one session each and these share
one. A client does what the Clinic's page does: it opens a person, drags the week, rests, and asks for people like the
person. Wall seconds are told, since they are what is asked of it; CPU seconds of the server stand beside them.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from measuring.asked import hand_over, parser, verdict
from measuring.cost import family, now
from measuring.machine import machine, sentence
from measuring.studio import Client, Server, served

PAGE = "benchmarks/studio.md"
MOST_LOADED, MOST_PAINTED, MOST_GROWTH = 400.0, 150.0, 5.0
"""What is asked: p95 of a picture for 20 clients [ms], p95 from key to paint [ms], MB for every 1,000 pictures."""
SIZES = {
    False: {"clients": 20, "seconds": 60.0, "pictures": 5000, "jobs": 50, "keys": 100},
    True: {"clients": 4, "seconds": 3.0, "pictures": 150, "jobs": 2, "keys": 10},
}
"""Of a whole run, and of a quick one."""
THROTTLE, RESTS, POLL, LOOKS = 0.030, 0.4, 0.7, 2
"""Of the Clinic's module: between two pictures, before people are asked for, between two looks at them [s]; looks."""
DRAGGED = 40
"""Pictures between two people."""
SECONDS_A_JOB = 60.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STUDY: dict[str, Any] = {
    "study": "small",
    "population": {
        "condition": "aga",
        "sex": {"male": 1.0},
        "age": {"mean": 30, "sd": 6, "min": 20, "max": 45},
        "ethnicity": {"caucasian": 1.0},
    },
    "arms": [
        {"name": "minoxidil", "patients": 8, "therapies": [{"therapy": "minoxidil"}]},
        {
            "name": "vehicle",
            "patients": 8,
            "control": True,
            "therapies": [{"therapy": "placebo", "route": "topical", "schedule": {"per_day": 2}}],
        },
    ],
    "measurement": {"zone": "vertex", "target_area": "0.2 cm^2", "method": "phototrichogram", "visits": [0, 16]},
    "endpoints": {"primary": {"endpoint": "nonvellus_density", "week": 16, "measure": "change"}},
}
LISTEN = """(id) => {
  window.taken = [];
  let pressed = null;
  document.addEventListener('keydown', () => (pressed = performance.now()), true);
  new MutationObserver((changes) => {
    const fresh = changes.some((one) => [...one.addedNodes].some((node) => node.id === 'clinic-week'));
    if (!fresh || pressed === null) return;
    const since = pressed;
    pressed = null;
    requestAnimationFrame(() => setTimeout(() => window.taken.push(performance.now() - since)));
  }).observe(document.getElementById('clinic-view').parentElement, { childList: true, subtree: true });
  document.getElementById(id).focus();
}"""


def main() -> int:
    """Measure, print, and write the page where asked."""
    chosen = parser(__doc__, PAGE, "four clients, 150 pictures, two jobs, ten keys: about 30 CPU s").parse_args()
    sizes = SIZES[chosen.quick]
    found: dict[str, Any] = {"benchmark": "studio", "quick": chosen.quick, "machine": machine(), "sizes": sizes}
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        first = server.client()
        for week in range(20):
            first.ask(f"/clinic/week?{person(0, week)}")
        found["load"] = loaded(server, int(sizes["clients"]), sizes["seconds"])
        found["memory"] = remembered(server, int(sizes["pictures"]))
        found["slider"] = slid(server, int(sizes["keys"]))
        found["jobs"] = queued(server, int(sizes["jobs"]))
    hand_over(found, chosen, PAGE, text)
    return 0


def person(number: int, week: int) -> str:
    """The query of a person of this number under minoxidil, in a week."""
    asked = {"age": 20 + number % 50, "given1": "minoxidil", "seed": number, "week": week % 105}
    return urlencode(asked)


def loaded(server: Server, clients: int, seconds: float) -> dict[str, Any]:
    """Clients at once: milliseconds of pictures, of whole pages and of people, and what the server used."""
    times: dict[str, list[float]] = {"picture": [], "page": [], "people": []}
    wrong: list[str] = []
    end = now() + seconds

    def ask(client: Client, kind: str, path: str, fine: Sequence[int] = (200,)) -> int:
        status, _, taken = client.ask(path)
        times[kind].append(taken)
        if status not in fine:
            wrong.append(f"{status} {path}")
        return status

    def visit(place: int) -> None:
        client, number = server.client(), 1000 * (place + 1)
        while now() < end:
            number += 1
            ask(client, "page", f"/clinic?{person(number, 0)}")
            for week in range(DRAGGED):
                begin = now()
                ask(client, "picture", f"/clinic/week?{person(number, week)}")
                time.sleep(max(0.0, THROTTLE - (now() - begin)))
                if now() > end:
                    return
            time.sleep(RESTS)
            for _ in range(LOOKS):
                if ask(client, "people", f"/clinic/people?{person(number, DRAGGED)}", (200, 202)) == 200:
                    break
                time.sleep(POLL)

    cpu, begin = server.cpu(), now()
    together([lambda place=place: visit(place) for place in range(clients)])
    wall = now() - begin
    return {
        "clients": clients,
        "wall": wall,
        "cpu": server.cpu() - cpu,
        "wrong": wrong[:5],
        "pictures_a_second": len(times["picture"]) / wall,
        **{kind: quantiles(values) for kind, values in times.items()},
    }


def remembered(server: Server, pictures: int) -> dict[str, Any]:
    """Resident memory of the server as pictures of ever other people are asked for, one after another."""
    client, fifth = server.client(), max(1, pictures // 5)
    held, cpu = [], server.cpu()
    for number in range(pictures):
        client.ask(f"/clinic/week?{person(100_000 + number // DRAGGED, number)}")
        if (number + 1) % fifth == 0:
            held.append((number + 1, server.resident_mb()))
    (first, begin), (last, end) = held[0], held[-1]
    return {"held": held, "growth": 1000.0 * (end - begin) / (last - first), "cpu": server.cpu() - cpu}


def queued(server: Server, jobs: int) -> dict[str, Any]:
    """Jobs that wait: how long it takes to ask for one, to see the history, and until all are done."""
    client, asked, seen, pictures = server.client(), [], [], []
    begin = now()
    for number in range(jobs):
        body = {"kind": "run", "title": f"Run {number}", "spec": {"study": STUDY, "draws": 0, "seed": number + 1}}
        status, data, taken = client.ask("/api/v1/runs", body)
        if status != 201:
            raise SystemExit(data.decode())
        asked.append(taken)
    states: dict[str, int] = {}
    while now() - begin < SECONDS_A_JOB * jobs:
        seen.append(client.ask("/runs")[2])
        pictures.append(client.ask(f"/clinic/week?{person(1, len(pictures))}")[2])
        rows = json.loads(client.ask("/api/v1/runs")[1])
        all_of_them = rows if isinstance(rows, list) else next(v for v in rows.values() if isinstance(v, list))
        states = {}
        for job in all_of_them:
            states[job["state"]] = states.get(job["state"], 0) + 1
        if not states.keys() & {"queued", "running"}:
            break
        time.sleep(1.0)
    return {
        "jobs": jobs,
        "states": states,
        "wall": now() - begin,
        "asked": quantiles(asked),
        "history": quantiles(seen),
        "picture": quantiles(pictures),
        "processes": len(family(server.process.pid)),
    }


def slid(server: Server, keys: int) -> dict[str, Any] | None:
    """Milliseconds from a key on a slider to the painted picture, alone and beside a job; None without a browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if path is None:
        return None
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        name, _, value = server.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": server.address}])
        found: dict[str, Any] = {"browser": f"Chromium {browser.version}"}
        sliders = {"week": "f-week", "dose": "f-given1-dose"}
        for words, id in sliders.items():
            found[words] = quantiles(pressed(context, server, id, keys))
        client = server.client()
        long_one = {"kind": "run", "title": "Beside", "spec": {"study": "exosome-phase-3", "draws": 100}}
        job = json.loads(client.ask("/api/v1/runs", long_one)[1])["id"]
        while json.loads(client.ask(f"/api/v1/runs/{job}")[1])["state"] == "queued":
            time.sleep(0.2)
        for words, id in sliders.items():
            found[f"{words}_beside_job"] = quantiles(pressed(context, server, id, keys))
        client = server.client()  # one that rested is closed by the server
        found["job_ran_on"] = json.loads(client.ask(f"/api/v1/runs/{job}")[1])["state"] == "running"
        client.ask(f"/api/v1/runs/{job}/stop", {})
        browser.close()
    return found


def pressed(context: Any, server: Server, id: str, keys: int) -> list[float]:
    """Milliseconds of every key that is pressed on a slider of a page that stands."""
    page = context.new_page()
    page.goto(f"{server.address}/clinic?{person(7, 0)}")
    page.wait_for_load_state("networkidle")
    page.evaluate(LISTEN, id)
    for number in range(keys):
        page.keyboard.press("ArrowRight" if id == "f-week" or number % 2 == 0 else "ArrowLeft")
        end = now() + 5.0
        while page.evaluate("window.taken.length") <= number and now() < end:
            page.wait_for_timeout(10)
        page.wait_for_timeout(60)
    taken = [float(each) for each in page.evaluate("window.taken")]
    page.close()
    if len(taken) < keys:
        raise SystemExit(f"{keys - len(taken)} of {keys} keys on {id} changed no picture")
    return taken


def together(calls: Sequence[Callable[[], None]]) -> None:
    """Run calls in threads until all have ended."""
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def quantiles(values: Sequence[float]) -> dict[str, float] | None:
    """Number, median, 95th percentile and greatest; None where there is nothing.

    Examples
    --------
    >>> quantiles([1.0, 2.0, 3.0])
    {'n': 3, 'p50': 2.0, 'p95': 3.0, 'most': 3.0}
    """
    if not values:
        return None
    ordered = sorted(values)
    at = min(len(ordered) - 1, int(0.95 * len(ordered)))
    return {"n": len(ordered), "p50": statistics.median(ordered), "p95": ordered[at], "most": ordered[-1]}


def text(found: dict[str, Any]) -> str:
    """The page."""
    load, memory, jobs, slider = (found[name] for name in ("load", "memory", "jobs", "slider"))
    lines = [
        "# What the studio bears",
        "",
        "Generated by `python benchmarks/studio.py --write`; `--quick` gives a short run, `--json` one JSON document.",
        "",
        sentence(found["machine"]),
        "",
        f"## {load['clients']} clients on the Clinic",
        "",
        "Each opens a person, drags the week over 40 pictures as fast as they come (at most 33 a second), rests, and",
        "asks for people like the person, as the page does; then it goes on with another person. Clients and server",
        "share the machine.",
        "",
        "| | asked | p50, ms | p95, ms | most, ms |",
        "|---|---|---|---|---|",
        *(
            row(words, load[kind])
            for words, kind in (
                ("picture of a week", "picture"),
                ("page of a new person", "page"),
                ("people, or how far they are", "people"),
            )
        ),
        "",
        f"{load['pictures_a_second']:.0f} pictures a second for {load['wall']:.0f} s; the server used "
        f"{load['cpu'] / load['wall']:.2f} cores. "
        + (f"Wrong answers: {', '.join(load['wrong'])}." if load["wrong"] else "No wrong answer.")
        + f" Of p95 of a picture is asked at most {MOST_LOADED:.0f} ms: "
        + f"{verdict(load['picture']['p95'], MOST_LOADED)}.",
        "",
        "## Memory",
        "",
        "Resident memory of the server after so many pictures of ever other people: "
        + ", ".join(f"{held:.0f} MB after {count:,}" for count, held in memory["held"])
        + f". {memory['growth']:+.1f} MB for 1,000 pictures; at most {MOST_GROWTH:g} are asked: "
        + f"{verdict(memory['growth'], MOST_GROWTH)}.",
        "",
        "## From a key to the painted picture",
        "",
    ]
    if slider is None:
        lines.append("Not measured: there is no Chromium, or no playwright.")
    else:
        words = {
            "week": "week",
            "dose": "dose",
            "week_beside_job": "week, beside a running job",
            "dose_beside_job": "dose, beside a running job",
        }
        worst = max(slider[name]["p95"] for name in ("week", "week_beside_job"))
        lines += [
            f"{slider['browser']}, drawn by the processor. The module waits up to 30 ms between two pictures.",
            "",
            "| slider | keys | p50, ms | p95, ms | most, ms |",
            "|---|---|---|---|---|",
            *(row(title, slider[name]) for name, title in words.items()),
            "",
            f"Of p95 of the week is asked at most {MOST_PAINTED:.0f} ms, also beside a job: "
            + f"{verdict(worst, MOST_PAINTED)}."
            + ("" if slider["job_ran_on"] else " The job ended before the keys did."),
        ]
    lines += [
        "",
        f"## {jobs['jobs']} jobs that wait",
        "",
        "Trials of 16 patients, asked for at once, one worked on at a time.",
        "",
        "| | asked | p50, ms | p95, ms | most, ms |",
        "|---|---|---|---|---|",
        *(
            row(words, jobs[kind])
            for words, kind in (
                ("to ask for one", "asked"),
                ("the history meanwhile", "history"),
                ("a picture of the Clinic meanwhile", "picture"),
            )
        ),
        "",
        f"All had ended after {jobs['wall']:.0f} s: "
        + ", ".join(f"{count} {state}" for state, count in sorted(jobs["states"].items()))
        + ".",
        "",
    ]
    return "\n".join(lines)


def row(words: str, found: dict[str, float] | None) -> str:
    """A row of a table of times."""
    if found is None:
        return f"| {words} | 0 | | | |"
    return f"| {words} | {found['n']:.0f} | {found['p50']:.0f} | {found['p95']:.0f} | {found['most']:.0f} |"


if __name__ == "__main__":
    sys.exit(main())
