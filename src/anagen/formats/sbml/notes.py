"""What is said of a part of an SBML model: grade and source in notes, public identifiers and papers as annotations."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any
from xml.sax.saxutils import escape

from anagen.formats.libraries import library
from anagen.signalling.network.elements import Edge, Node

REGISTRY = "https://identifiers.org/"
_DOI = re.compile(r"doi:(10\.\d{4,9}/[^\s,;]+)")


@cache
def identifiers() -> Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]:
    """Public identifiers of the shipped network: "node" or "input" -> name -> "is" or "version" -> identifiers."""
    file = resources.files("anagen.formats.sbml").joinpath("identifiers.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def dois(text: str) -> tuple[str, ...]:
    """The DOIs that a source names.

    Parameters
    ----------
    text : str
        Of a source.

    Returns
    -------
    tuple of str
        Each once, in their order.

    Examples
    --------
    >>> dois("Kwack 2008, doi:10.1038/sj.jid.5700999; levels assumed")
    ('10.1038/sj.jid.5700999',)
    """
    return tuple(dict.fromkeys(found.rstrip(").") for found in _DOI.findall(text)))


def of_node(node: Node) -> tuple[str, ...]:
    """Sentences on a node."""
    return (f"{node.title}; level between 0 (off) and 1 (fully on).", f"Grade {node.grade}.", f"Source: {node.source}.")


def of_edge(edge: Edge) -> tuple[str, ...]:
    """Sentences on an edge: what it does, how sure that is, who showed it where."""
    does = "activates" if edge.sign == "+" else "inhibits"
    how = "another way to switch it on" if edge.gate == "or" else "needed for it to be on"
    shown = f"Source of the sign: {edge.source}; seen in: {edge.system}." if edge.source else "No source was read."
    note = f"Note: {edge.note}." if edge.note else ""
    width = f"5 to 95 % of the weight over parameter draws: {edge.weight_90}." if edge.weight_90 else ""
    what = f"{edge.origin} {does} {edge.target} ({edge.gate}: {how})."
    sentences = (what, f"Grade {edge.grade}.", shown, note, width)
    return tuple(sentence for sentence in sentences if sentence)


def annotate(
    element: Any,
    sentences: Sequence[str] = (),
    *,
    described: str = "",
    known: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write sentences and identifiers into an element.

    Parameters
    ----------
    element : SBase
        Of libSBML, with an id.
    sentences : sequence of str
        For its notes.
    described : str
        A source; its DOIs become `isDescribedBy`.
    known : mapping of str to sequence of str, optional
        "is" and "version" -> identifiers.
    """
    libsbml = library("libsbml")

    if sentences:
        body = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        kept(element.setNotes(f'<body xmlns="http://www.w3.org/1999/xhtml">{body}</body>'))
    terms = [
        (libsbml.BQB_IS, [f"{REGISTRY}{name}" for name in (known or {}).get("is", ())]),
        (libsbml.BQB_IS_VERSION_OF, [f"{REGISTRY}{name}" for name in (known or {}).get("version", ())]),
        (libsbml.BQB_IS_DESCRIBED_BY, [f"https://doi.org/{doi}" for doi in dois(described)]),
    ]
    if not any(resources for _, resources in terms):
        return
    kept(element.setMetaId(f"meta_{element.getId() or 'model'}"))
    for qualifier, found in terms:
        if found:
            term = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
            term.setBiologicalQualifierType(qualifier)
            for resource in found:
                term.addResource(resource)
            kept(element.addCVTerm(term))


def kept(code: int) -> None:
    """Fail where libSBML did not do what it was asked for, which it tells by a number and nothing else.

    Parameters
    ----------
    code : int
        As its functions return it.

    Raises
    ------
    RuntimeError
        With its words.
    """
    libsbml = library("libsbml")

    if code != libsbml.LIBSBML_OPERATION_SUCCESS:
        raise RuntimeError(f"libSBML refused a part of the model: {libsbml.OperationReturnValue_toString(code)}")
