"""Writes the simulation of a study's arm as a COMBINE archive: manifest, metadata, model, experiment.

Bergmann 2014, doi:10.1186/s12859-014-0369-z. Entries carry one fixed date and the order in which they are named, so
that the bytes of two archives are the same where their contents are.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from anagen.core.provenance import package_version
from anagen.formats.sedml.writer import MODEL
from anagen.formats.sedml.writer import NAME as EXPERIMENT
from anagen.formats.sedml.writer import write as write_experiment
from anagen.formats.subject import Subject

NAME, MANIFEST, METADATA = "archive.omex", "manifest.xml", "metadata.rdf"
COMBINE = "http://identifiers.org/combine.specifications/"
FORMATS = {
    ".": f"{COMBINE}omex",
    f"./{MANIFEST}": f"{COMBINE}omex-manifest",
    f"./{METADATA}": f"{COMBINE}omex-metadata",
    f"./{MODEL}": f"{COMBINE}sbml",
    f"./{EXPERIMENT}": f"{COMBINE}sed-ml",
}
DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip archive can hold, for every entry."""


def write(subject: Subject) -> Mapping[str, bytes]:
    """The archive of an arm.

    Parameters
    ----------
    subject : Subject
        A study or run, and an arm.

    Returns
    -------
    Mapping[str, bytes]
        One zip archive.
    """
    contents = {
        MANIFEST: manifest().encode(),
        METADATA: metadata(subject).encode(),
        **write_experiment(subject),
    }
    return {NAME: zipped(contents)}


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """A zip archive without clock and owner.

    Parameters
    ----------
    contents : Mapping[str, bytes]
        Name -> content, in the order in which they stand in it.

    Returns
    -------
    bytes
        The same for the same contents.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    return stream.getvalue()


def manifest() -> str:
    """What lies in the archive, and which of it is run."""
    run = {f"./{EXPERIMENT}": ' master="true"'}
    rows = [
        f'  <content location="{location}" format="{form}"{run.get(location, "")}/>'
        for location, form in FORMATS.items()
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<omexManifest xmlns="{COMBINE}omex-manifest">'
    return "\n".join([head, *rows, "</omexManifest>\n"])


def metadata(subject: Subject) -> str:
    """What the archive is of, as RDF; without a date, so that bytes do not change.

    Parameters
    ----------
    subject : Subject
        A study or run, and an arm.

    Returns
    -------
    str
        XML.
    """
    study = subject.study
    sentences = (
        f"Signalling network of the hair follicle under the arm {subject.arm} of the study {study.study}, condition "
        f"{subject.condition}, over {subject.days:g} days, one patient who takes every dose as planned. Written by "
        f"Anagen {package_version()}. Simulated: research software, not medical advice."
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcterms="http://purl.org/dc/terms/"
    xmlns:bqbiol="http://biomodels.net/biology-qualifiers/" xmlns:bqmodel="http://biomodels.net/model-qualifiers/">
  <rdf:Description rdf:about=".">
    <dcterms:title>{escape(study.title)}</dcterms:title>
    <dcterms:description>{escape(sentences)}</dcterms:description>
    <dcterms:identifier>sha256:{study.sha256}</dcterms:identifier>
    <bqbiol:hasTaxon rdf:resource="https://identifiers.org/taxonomy/9606"/>
    <bqmodel:isDescribedBy rdf:resource="https://doi.org/10.1186/1752-0509-4-157"/>
  </rdf:Description>
</rdf:RDF>
"""
