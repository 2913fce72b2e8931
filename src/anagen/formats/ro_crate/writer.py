"""Writes a result folder as an RO-Crate 1.1 by the profile Process Run Crate: its files, what they are, what made them.

The metadata is one JSON-LD file of entities that refer to one another by `@id`, so that it is written as JSON, without
a library. Soiland-Reyes 2022, doi:10.3233/DS-210053; w3id.org/ro/crate/1.1; w3id.org/ro/wfrun/process/0.5.

A run has no date, author or licence. A crate must have a date and should have a licence: what stands there is a
placeholder that says so, and whoever publishes the crate puts the real ones in its place. The hashes are of the files,
so that they hold on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from anagen.core.errors import InputError, Problem
from anagen.core.provenance import sha256_of_file
from anagen.formats.ro_crate import NAME
from anagen.formats.subject import Subject
from anagen.results import TABLES
from anagen.results.folder import FLOW, STUDY
from anagen.results.manifest import MANIFEST
from anagen.study.findings import mapping

CRATE, PROFILE = "https://w3id.org/ro/crate/1.1", "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT = [f"{CRATE}/context", {"sha256": "http://schema.org/sha256"}]
UNDATED = "1970-01-01"
"""In place of the day of publication, which no run knows."""
UNLICENSED = "#licence-not-stated"
"""In place of the licence of the data."""
MEDIA = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
OTHER_MEDIA = "application/octet-stream"
DESCRIPTIONS: Mapping[str, str] = {
    MANIFEST: "What was run, with which versions, seed and parameters; size and SHA-256 of every file.",
    STUDY: "The study as it was simulated, every default filled in.",
    FLOW: "Numbers screened, excluded, randomised, dropped out and analysed.",
    "report.html": "The report: trajectories, changes, effect, predicted against observed, parameters, limits.",
} | {
    table.file: f"{table.description} Columns: {', '.join(c.name for c in table.columns)}." for table in TABLES.values()
}
FACTS = {
    "seed": "seed of every random number",
    "replicates": "trials",
    "draws": "parameter draws beside the central values",
    "study_sha256": "SHA-256 of what the study says",
    "parameters_sha256": "SHA-256 of the parameter set",
    "parameter_source": "where parameter values come from",
}
"""Entries of a manifest that a crate tells, in words."""
LICENCE = "https://spdx.org/licenses/Apache-2.0"
"""Of the software; it says nothing of the data."""
SOFTWARE, ACTION = "#anagen", "#run"
_DOI = re.compile(r"(?:https?://doi\.org/|doi:\s*)(10\.\d{4,9}/\S+)", re.IGNORECASE)


def write(subject: Subject) -> Mapping[str, bytes | Path]:
    """The files of a run with the metadata of a crate.

    Parameters
    ----------
    subject : Subject
        A run in a folder.

    Returns
    -------
    Mapping[str, bytes or Path]
        The files of the manifest, to be copied, and the metadata; the same bytes each time.

    Raises
    ------
    InputError
        Where the run is in memory alone.
    """
    if subject.run is None or subject.contents is None:
        message = "a crate is made of the files of a run; save it to a folder first and name that"
        raise InputError([Problem(None, None, None, "STUDY-OR-RUN", message)])
    names = [*sorted(subject.contents.manifest["files"]), MANIFEST]
    text = json.dumps(metadata(subject, names, subject.run), indent=2, ensure_ascii=False)
    return {NAME: f"{text}\n".encode(), **{name: subject.run / name for name in names}}


def metadata(subject: Subject, names: list[str], folder: Path) -> dict[str, Any]:
    """The metadata of a crate.

    Parameters
    ----------
    subject : Subject
        A run.
    names : list of str
        Its files.
    folder : Path
        Where they lie.

    Returns
    -------
    dict
        JSON-LD.
    """
    assert subject.contents is not None, "a crate is made of a run"
    manifest, study = subject.contents.manifest, subject.study
    facts = _facts(manifest)
    made = [_reference(_id(name)) for name in names if name != STUDY]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": _reference(PROFILE),
        "name": study.title,
        "description": _about(subject),
        "identifier": f"sha256:{manifest['study_sha256']}",
        "datePublished": UNDATED,
        "license": _reference(UNLICENSED),
        "hasPart": [_reference(_id(name)) for name in names],
        "mentions": _reference(ACTION),
    }
    doi = _DOI.search(study.source or "")
    cited: list[dict[str, Any]] = []
    if doi is not None:
        cited = [{"@id": f"https://doi.org/{doi[1]}", "@type": "ScholarlyArticle", "name": f"doi:{doi[1]}"}]
        root["citation"] = _reference(cited[0]["@id"])
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "about": _reference("./"),
            "conformsTo": _reference(CRATE),
        },
        root,
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {
            "@id": ACTION,
            "@type": "CreateAction",
            "name": f"Simulation of {study.study}",
            "description": f"`anagen run` with seed {manifest['seed']}; the study and these values give these files.",
            "instrument": _reference(SOFTWARE),
            "object": [_reference(_id(STUDY)), *(_reference(fact["@id"]) for fact in facts)],
            "result": made,
        },
        _software(manifest),
        {"@id": LICENCE, "@type": "CreativeWork", "name": "Apache License 2.0", "identifier": "Apache-2.0"},
        {
            "@id": UNLICENSED,
            "@type": "CreativeWork",
            "name": "Licence not stated yet",
            "description": "Whoever publishes this crate chooses the licence of its data.",
        },
        *cited,
        *facts,
        *(_file(name, folder / name) for name in names),
    ]
    return {"@context": CONTEXT, "@graph": graph}


def _about(subject: Subject) -> str:
    study = subject.study
    question = f" {study.question}" if study.question else ""
    return (
        f"A virtual trial: the study {study.study}, simulated.{question} Research software, not medical advice. "
        f"datePublished and license are placeholders, as a run has neither."
    )


def _software(manifest: Mapping[str, Any]) -> dict[str, Any]:
    environment = mapping(manifest.get("environment"))
    versions = mapping(environment.get("libraries"))
    if not versions:
        message = "environment lacks the versions of Python and libraries: this is no manifest as a run writes it"
        raise InputError([Problem("manifest.json", None, None, "environment", message)])
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    entry: dict[str, Any] = {
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "Anagen",
        "description": "An in-silico clinic for hair-loss therapies.",
        "softwareVersion": manifest["version"],
        "softwareRequirements": f"Python {environment.get('python', 'unknown')}, {libraries}",
        "license": _reference(LICENCE),
    }
    return entry if manifest["git_commit"] is None else entry | {"identifier": f"commit {manifest['git_commit']}"}


def _facts(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Values that a run was made with, the posterior's hash among them where it had one."""
    told = {name: (words, manifest[name]) for name, words in FACTS.items()}
    posterior = manifest.get("posterior")
    if posterior is not None:
        told["posterior_sha256"] = (f"SHA-256 of the draws of the posterior {posterior['name']}", posterior["sha256"])
        told["posterior_studies"] = ("studies that informed the posterior", ", ".join(posterior["studies"]))
    return [
        {"@id": f"#{name}", "@type": "PropertyValue", "name": name, "description": words, "value": str(value)}
        for name, (words, value) in told.items()
    ]


def _file(name: str, path: Path) -> dict[str, Any]:
    return {
        "@id": _id(name),
        "@type": "File",
        "name": name,
        "description": DESCRIPTIONS.get(name) or f"Picture: {PurePosixPath(name).stem.replace('_', ' ')}.",
        "encodingFormat": MEDIA.get(path.suffix, OTHER_MEDIA),
        "contentSize": str(path.stat().st_size),
        "sha256": sha256_of_file(path),
    }


def _id(name: str) -> str:
    return quote(name)


def _reference(identifier: str) -> dict[str, str]:
    return {"@id": identifier}
