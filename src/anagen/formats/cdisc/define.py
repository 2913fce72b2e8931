"""Writes define.xml, version 2.1: what the datasets of one guide are, variable by variable, without the clock."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from xml.etree.ElementTree import Element, SubElement

from anagen.core.provenance import package_version
from anagen.formats.cdisc import DEFINE
from anagen.formats.cdisc.datasets import Standard
from anagen.formats.cdisc.sdtm.summary import SYNTHETIC
from anagen.formats.cdisc.trial import Trial
from anagen.formats.cdisc.variables import Made, Origin, Variable
from anagen.formats.dataset import Kind
from anagen.formats.dataset_json.writing import CREATED

ODM, DEF, XLINK = "http://www.cdisc.org/ns/odm/v1.3", "http://www.cdisc.org/ns/def/v2.1", "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
TYPES: dict[Kind, str] = {
    "text": "text", "iso date": "date", "integer": "integer", "number": "float", "date": "integer",
    "datetime": "integer", "time": "integer",
}  # fmt: skip
ORIGINS: dict[Origin, tuple[str, str]] = {
    "simulated": ("Other", "Simulated by Anagen"),
    "protocol": ("Protocol", ""),
    "assigned": ("Assigned", ""),
    "derived": ("Derived", ""),
    "predecessor": ("Predecessor", ""),
}
MOST_CODES = 100
"""Values beyond which a variable has no list of them."""


def define_xml(standard: Standard, trial: Trial) -> bytes:
    """The define.xml of the datasets of a guide.

    Parameters
    ----------
    standard : Standard
        Guide and datasets.
    trial : Trial
        Whose datasets they are.

    Returns
    -------
    bytes
        XML; the same for the same datasets.
    """
    for prefix, space in (("", ODM), ("def", DEF), ("xlink", XLINK)):
        ElementTree.register_namespace(prefix, space)
    study, number = trial.identifier, trial.number
    attributes = {
        "FileType": "Snapshot", "FileOID": f"DEF.{study}.{standard.folder}", "CreationDateTime": CREATED,
        "ODMVersion": "1.3.2", "Originator": "Anagen", "SourceSystem": "Anagen",
        "SourceSystemVersion": package_version(), _in(DEF, "Context"): "Other",
    }  # fmt: skip
    root = Element(_in(ODM, "ODM"), attributes)
    node = _below(root, "Study", OID=f"ST.{study}")
    names = _below(node, "GlobalVariables")
    for tag, text in (("StudyName", study), ("StudyDescription", SYNTHETIC), ("ProtocolName", trial.study.study)):
        _below(names, tag).text = text
    name = f"SYNTHETIC {study}, {standard.guide}"
    version = _below(node, "MetaDataVersion", OID=f"MDV.{study}", Name=name, Description=f"{SYNTHETIC} Trial {number}.")
    version.set(_in(DEF, "DefineVersion"), "2.1.0")
    version.set(_in(DEF, "CommentOID"), "COM.SYNTHETIC")
    guides = SubElement(version, _in(DEF, "Standards"))
    SubElement(
        guides, _in(DEF, "Standard"), OID="STD.1", Name=standard.guide, Type="IG", Version=standard.version,
        Status="Final",
    )  # fmt: skip
    comments = {"COM.SYNTHETIC": f"{SYNTHETIC} {_whose(trial)}"}
    parts = _Parts(version, comments)
    for dataset in standard.datasets:
        parts.group(dataset, standard)
    for dataset in standard.datasets:
        for variable in dataset.description.variables:
            parts.item(dataset, variable)
    parts.lists(standard)
    parts.methods(standard)
    for oid, text in comments.items():
        _described(SubElement(version, _in(DEF, "CommentDef"), OID=oid), text)
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _whose(trial: Trial) -> str:
    draw = "central parameter values" if trial.draw == 0 else f"parameter draw {trial.draw}"
    return f"Trial {trial.number} of a run with seed {trial.manifest['seed']}, at {draw}. Dates are fictive."


class _Parts:
    """Adds the parts of a MetaDataVersion, in the order that the schema asks for."""

    def __init__(self, version: Element, comments: dict[str, str]) -> None:
        self.version, self.comments = version, comments

    def group(self, made: Made, standard: Standard) -> None:
        """A dataset with the references to its variables."""
        told, data = made.description, made.dataset
        name = data.name
        node = _below(
            self.version, "ItemGroupDef", OID=f"IG.{name}", Name=name, SASDatasetName=name,
            Repeating="No" if told.keys in (("STUDYID", "USUBJID"),) else "Yes",
            IsReferenceData="Yes" if told.reference else "No", Purpose=standard.purpose,
        )  # fmt: skip
        if standard.folder == "sdtm":
            node.set("Domain", name)
        node.set(_in(DEF, "Structure"), told.structure)
        node.set(_in(DEF, "ArchiveLocationID"), f"LF.{name}")
        if name == "XH":
            node.set(_in(DEF, "IsNonStandard"), "Yes")
        else:
            node.set(_in(DEF, "StandardOID"), "STD.1")
        node.set(_in(DEF, "CommentOID"), "COM.SYNTHETIC")
        _described(node, data.label)
        for order, variable in enumerate(told.variables, 1):
            key = {"KeySequence": str(1 + told.keys.index(variable.name))} if variable.name in told.keys else {}
            method = {"MethodOID": _oid("MT", name, variable)} if _has_method(variable) else {}
            whole = data.table[variable.name].notna().all()
            _below(
                node, "ItemRef", ItemOID=_oid("IT", name, variable), OrderNumber=str(order),
                Mandatory="Yes" if whole else "No", **key, **method,
            )  # fmt: skip
        SubElement(node, _in(DEF, "Class"), Name=told.kind)
        leaf = SubElement(node, _in(DEF, "leaf"), {"ID": f"LF.{name}", _in(XLINK, "href"): f"{name.lower()}.xpt"})
        SubElement(leaf, _in(DEF, "title")).text = f"{name.lower()}.xpt"

    def item(self, made: Made, variable: Variable) -> None:
        """A variable with its origin."""
        name, column = made.dataset.name, made.dataset.column(variable.name)
        node = _below(
            self.version, "ItemDef", OID=_oid("IT", name, variable), Name=variable.name, SASFieldName=variable.name,
            DataType=TYPES[variable.kind],
        )  # fmt: skip
        if variable.kind == "text":
            node.set("Length", str(column.length))
        elif variable.kind in ("integer", "number", "date"):
            node.set("Length", "8")
        if variable.kind == "number":
            node.set("SignificantDigits", "6")
        if variable.kind == "date":
            node.set(_in(DEF, "DisplayFormat"), "DATE9.")
        if variable.note and variable.origin not in ("derived", "predecessor"):
            comment = _oid("COM", name, variable)
            node.set(_in(DEF, "CommentOID"), comment)
            self.comments[comment] = variable.note
        _described(node, variable.label)
        if codes_of(made, variable):
            _below(node, "CodeListRef", CodeListOID=_oid("CL", name, variable))
        kind, words = ORIGINS[variable.origin]
        origin = SubElement(node, _in(DEF, "Origin"), Type=kind)
        if kind in ("Protocol", "Assigned", "Derived"):
            origin.set("Source", "Sponsor")
        if words or kind == "Predecessor":
            _described(origin, words or variable.note)

    def lists(self, standard: Standard) -> None:
        """Values of coded variables, as they occur."""
        for made in standard.datasets:
            for variable in made.description.variables:
                values = codes_of(made, variable)
                if not values:
                    continue
                node = _below(
                    self.version, "CodeList", OID=_oid("CL", made.dataset.name, variable),
                    Name=f"{variable.label} ({made.dataset.name})", DataType="text",
                )  # fmt: skip
                node.set(_in(DEF, "IsNonStandard"), "Yes")
                for value in values:
                    _below(node, "EnumeratedItem", CodedValue=value)

    def methods(self, standard: Standard) -> None:
        """How variables are derived."""
        for made in standard.datasets:
            for variable in filter(_has_method, made.description.variables):
                oid = _oid("MT", made.dataset.name, variable)
                words = f"{made.dataset.name}.{variable.name}"
                _described(_below(self.version, "MethodDef", OID=oid, Name=words, Type="Computation"), variable.note)


def codes_of(made: Made, variable: Variable) -> list[str]:
    """Values of a variable that define.xml lists.

    Parameters
    ----------
    made : Made
        Its dataset.
    variable : Variable
        Coded or not.

    Returns
    -------
    list of str
        Sorted; none where it is not coded, or has none or too many.
    """
    if not variable.coded:
        return []
    values = sorted(made.dataset.table[variable.name].dropna().unique().tolist())
    return values if len(values) <= MOST_CODES else []


def _has_method(variable: Variable) -> bool:
    return variable.origin == "derived" and bool(variable.note)


def _oid(kind: str, dataset: str, variable: Variable) -> str:
    return f"{kind}.{dataset}.{variable.name}"


def _in(space: str, name: str) -> str:
    return f"{{{space}}}{name}"


def _below(parent: Element, tag: str, **attributes: str) -> Element:
    return SubElement(parent, _in(ODM, tag), attributes)


def _described(parent: Element, text: str) -> None:
    description = parent if parent.tag == _in(ODM, "Description") else _below(parent, "Description")
    words = _below(description, "TranslatedText")
    words.set(_in(XML, "lang"), "en")
    words.text = text


__all__ = ["DEFINE", "codes_of", "define_xml"]
