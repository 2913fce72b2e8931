"""From a document of libSBML to equations: reactions as rates, compartments as numbers, events as timed changes.

A species stands in formulas for its concentration, or for its amount where it has only substance units:

    d concentration/dt = sum of stoichiometry * rate / compartment          d amount/dt = sum of stoichiometry * rate
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.formats.libraries import library
from anagen.formats.sbml.formulas import NotRead, text_of_math
from anagen.signalling.imported import TimedChange
from anagen.signalling.imported.formula import compiled, in_order, names_in

HARMLESS = frozenset({"layout", "render", "l3v2extendedmath", "groups"})
"""Packages that change nothing of what is computed."""
SECONDS_A_DAY = 86_400.0
RENAMED = "_"


@dataclass
class Equations:
    """What a model computes.

    Attributes
    ----------
    title : str
        Its name or id.
    days : float or None
        Days of its unit of time; None where it says none.
    constants : dict
        Name -> value.
    states : dict
        Name -> start.
    rates : dict
        Name -> formula.
    values : dict
        Name -> formula.
    events : list
        Timed changes.
    titles : dict
        Name -> its name in words and unit.
    """

    title: str
    days: float | None
    constants: dict[str, float] = field(default_factory=dict[str, float])
    states: dict[str, float] = field(default_factory=dict[str, float])
    rates: dict[str, str] = field(default_factory=dict[str, str])
    values: dict[str, str] = field(default_factory=dict[str, str])
    events: list[TimedChange] = field(default_factory=list[TimedChange])
    titles: dict[str, str] = field(default_factory=dict[str, str])


def equations_of(document: Any, file: str) -> Equations:
    """The equations of a document.

    Parameters
    ----------
    document : SBMLDocument
        Without errors; it is changed.
    file : str
        Its name in messages.

    Returns
    -------
    Equations
        Of everything in it.

    Raises
    ------
    InputError
        Naming every part that is not read, with its line.
    """
    reader = _Reader(document, file)
    reader.read()
    if reader.problems:
        raise InputError(reader.problems)
    return reader.equations


class _Reader:
    def __init__(self, document: Any, file: str) -> None:
        self.document, self.file = document, file
        self.problems: list[Problem] = []
        self.model: Any = document.getModel()

    def read(self) -> None:
        self._packages()
        self._convert()
        if self.problems:
            return
        model = self.model = self.document.getModel()
        self.equations = Equations(model.getName() or model.getId() or "model", days_of_time(model))
        for rule in _all(model.getListOfRules()):
            if rule.isAlgebraic():
                self._refuse(rule, "an algebraic rule: only assignment and rate rules are read")
        for constraint in _all(model.getListOfConstraints()):
            self._refuse(constraint, "a constraint, which would end a simulation; take it out")
        self._names()
        if not self.problems:
            self._quantities()
        if not self.problems:
            self._start()
        if not self.problems:
            self._reactions()
            self._events()

    def _refuse(self, element: Any, words: str) -> None:
        line = element.getLine() or None
        name = element.getId() or element.getElementName()
        self.problems.append(Problem(self.file, line, None, name, f"is not read: {words}"))

    def _packages(self) -> None:
        for place in range(self.document.getNumPlugins()):
            name = str(self.document.getPlugin(place).getPackageName())
            if name not in HARMLESS:
                words = f"the package {name!r} of SBML is not read; only core models are"
                self.problems.append(Problem(self.file, None, None, "sbml", words))
        for place in range(self.document.getNumUnknownPackages()):
            name = str(self.document.getUnknownPackagePrefix(place))
            if name not in HARMLESS:
                words = f"the package {name!r} of SBML is not read; only core models are"
                self.problems.append(Problem(self.file, None, None, "sbml", words))

    def _convert(self) -> None:
        libsbml = library("libsbml")

        if self.problems:
            return
        if self.document.getLevel() < 3 and not self.document.setLevelAndVersion(3, 2, False):
            words = f"SBML Level {self.document.getLevel()} of this form cannot be made Level 3"
            self.problems.append(Problem(self.file, None, None, "sbml", words))
        for name in ("promoteLocalParameters", "expandFunctionDefinitions"):
            properties = libsbml.ConversionProperties()
            properties.addOption(name, True)
            if self.document.convert(properties) != libsbml.LIBSBML_OPERATION_SUCCESS:
                self.problems.append(Problem(self.file, None, None, "sbml", f"libSBML could not {name}"))

    def _names(self) -> None:
        """What cannot be a name of a formula."""
        import keyword

        model = self.model
        for kind in (model.getListOfParameters(), model.getListOfSpecies(), model.getListOfCompartments()):
            for entry in _all(kind):
                if keyword.iskeyword(entry.getId()) or entry.getId() == "time":
                    self._refuse(entry, "its id is a word of the formulas; give it another id")
        for reaction in _all(model.getListOfReactions()):
            for reference in (*_all(reaction.getListOfReactants()), *_all(reaction.getListOfProducts())):
                varies = reference.isSetId() and (
                    model.getRuleByVariable(reference.getId()) is not None
                    or model.getInitialAssignmentBySymbol(reference.getId()) is not None
                )
                if varies or reference.isSetStoichiometryMath():
                    self._refuse(reference, "a stoichiometry that is computed; only numbers are read")

    def _quantities(self) -> None:
        """Constants, states and what follows from them; starts as numbers that are not yet known are left out."""
        model, found = self.model, self.equations
        changed = {
            assignment.getVariable()
            for event in _all(model.getListOfEvents())
            for assignment in _all(event.getListOfEventAssignments())
        }
        for compartment in _all(model.getListOfCompartments()):
            name = compartment.getId()
            if model.getRuleByVariable(name) is not None or name in changed:
                self._refuse(compartment, "a compartment that changes its size; only constant ones are read")
                continue
            found.constants[name] = compartment.getSize() if compartment.isSetSize() else 1.0
            found.titles[name] = f"compartment {compartment.getName() or name}"
        for entry in (*_all(model.getListOfParameters()), *_all(model.getListOfSpecies())):
            name, rule = entry.getId(), model.getRuleByVariable(entry.getId())
            found.titles[name] = f"{entry.getName() or name} [{_unit(entry)}]"
            if rule is not None and rule.isAssignment():
                self._formula(rule, found.values, name)
            elif rule is not None:
                found.states[name] = self._given(entry)
                self._formula(rule, found.rates, name)
            elif self._reacts(entry):
                found.states[name] = self._given(entry)
                found.rates[name] = "0"
            elif name in changed and entry.getElementName() == "species":
                found.states[name], found.rates[name] = self._given(entry), "0"
            else:
                found.constants[name] = self._given(entry)

    def _reacts(self, entry: Any) -> bool:
        if entry.getElementName() != "species":
            return False
        if entry.isSetConversionFactor() or self.model.isSetConversionFactor():
            self._refuse(entry, "a conversion factor")
        if entry.getBoundaryCondition() or entry.getConstant():
            return False
        return any(
            reference.getSpecies() == entry.getId()
            for reaction in _all(self.model.getListOfReactions())
            for reference in (*_all(reaction.getListOfReactants()), *_all(reaction.getListOfProducts()))
        )

    def _given(self, entry: Any) -> float:
        """The value at the start as a parameter or species states it, as formulas understand it; NaN for none."""
        if entry.getElementName() != "species":
            return float(entry.getValue()) if entry.isSetValue() else math.nan
        amount = entry.getHasOnlySubstanceUnits()
        if entry.isSetInitialAmount() and amount:
            return float(entry.getInitialAmount())
        if entry.isSetInitialConcentration() and not amount:
            return float(entry.getInitialConcentration())
        return math.nan

    def _by_size(self) -> dict[str, str]:
        """Starts that hang on the size of a compartment, which may itself be an initial assignment."""
        found: dict[str, str] = {}
        for entry in _all(self.model.getListOfSpecies()):
            amount, size = entry.getHasOnlySubstanceUnits(), entry.getCompartment()
            if entry.isSetInitialAmount() and not amount:
                found[entry.getId()] = f"{float(entry.getInitialAmount())!r} / {size}"
            elif entry.isSetInitialConcentration() and amount:
                found[entry.getId()] = f"{float(entry.getInitialConcentration())!r} * {size}"
        return found

    def _formula(self, element: Any, into: dict[str, str], name: str) -> None:
        try:
            into[name] = text_of_math(element.getMath())
        except NotRead as error:
            self._refuse(element, str(error))

    def _start(self) -> None:
        """Initial assignments as numbers, in the order in which they depend on one another."""
        model, found = self.model, self.equations
        formulas = {name: text for name, text in self._by_size().items() if name not in found.values}
        for assignment in _all(model.getListOfInitialAssignments()):
            self._formula(assignment, formulas, assignment.getSymbol())
        values = {**found.constants, **found.states}
        waiting = {name: text for name, text in found.values.items() if name not in formulas} | formulas
        try:
            for name in in_order(waiting):
                values[name] = _evaluated(waiting[name], values)
        except (ValueError, ArithmeticError) as error:
            self.problems.append(Problem(self.file, None, None, "initialAssignment", f"cannot be computed: {error}"))
            return
        for name in formulas:
            for of in (found.constants, found.states):
                if name in of:
                    of[name] = values[name]
        used = {name for text in (*found.values.values(), *found.rates.values()) for name in names_in(text)}
        unknown = [name for of in (found.constants, found.states) for name, value in of.items() if math.isnan(value)]
        for name in unknown:
            if name in found.states or name in used or self._in_kinetics(name):
                self._refuse(model.getElementBySId(name), "it has no value at the start")
            else:
                del found.constants[name]

    def _in_kinetics(self, name: str) -> bool:
        laws = [reaction.getKineticLaw() for reaction in _all(self.model.getListOfReactions())]
        return any(law is not None and name in str(law.getFormula()) for law in laws)

    def _reactions(self) -> None:
        model, found = self.model, self.equations
        terms: dict[str, list[str]] = {}
        for reaction in _all(model.getListOfReactions()):
            law = reaction.getKineticLaw()
            if reaction.isSetFast() and reaction.getFast():
                self._refuse(reaction, "a fast reaction, which is no differential equation")
                continue
            if law is None or law.getMath() is None:
                self._refuse(reaction, "a reaction without a rate")
                continue
            rates: dict[str, str] = {}
            self._formula(law, rates, reaction.getId())
            if reaction.getId() not in rates:
                continue
            found.values[reaction.getId()] = rates[reaction.getId()]
            found.titles[reaction.getId()] = f"rate of {reaction.getName() or reaction.getId()}"
            for sign, references in (("-", reaction.getListOfReactants()), ("+", reaction.getListOfProducts())):
                for reference in _all(references):
                    name = reference.getSpecies()
                    if name in found.rates and model.getRuleByVariable(name) is None:
                        many = float(reference.getStoichiometry()) if reference.isSetStoichiometry() else 1.0
                        terms.setdefault(name, []).append(f"{sign} {many!r} * {reaction.getId()}")
        for name, parts in terms.items():
            species = model.getSpecies(name)
            total = " ".join(["0", *parts])
            amount = species.getHasOnlySubstanceUnits()
            found.rates[name] = total if amount else f"({total}) / {species.getCompartment()}"

    def _events(self) -> None:
        found = self.equations
        for event in _all(self.model.getListOfEvents()):
            if event.isSetDelay():
                self._refuse(event, "an event with a delay")
                continue
            if event.isSetPriority():
                self._refuse(event, "an event with a priority")
                continue
            at = self._time_of(event)
            if at is None:
                continue
            changes: dict[str, str] = {}
            for assignment in _all(event.getListOfEventAssignments()):
                self._formula(assignment, changes, assignment.getVariable())
                if assignment.getVariable() in found.values:
                    self._refuse(event, f"it changes {assignment.getVariable()}, which a rule gives")
            # what is so from the start does not come to be so, unless the model says that it was not
            if at > 0.0 or not event.getTrigger().getInitialValue():
                found.events.append(TimedChange(max(at, 0.0), changes))
        found.events.sort(key=lambda event: event.at)

    def _time_of(self, event: Any) -> float | None:
        """The time at which an event happens, where its trigger is a time that is reached."""
        libsbml = library("libsbml")

        trigger = event.getTrigger()
        tree = None if trigger is None else trigger.getMath()
        kinds = {
            libsbml.AST_RELATIONAL_GEQ: 0, libsbml.AST_RELATIONAL_GT: 0, libsbml.AST_RELATIONAL_LEQ: 1,
            libsbml.AST_RELATIONAL_LT: 1,
        }  # fmt: skip
        words = "its trigger is not a time that is reached, such as time >= 10"
        if tree is None:
            self._refuse(event, words)
            return None
        side = kinds.get(tree.getType())
        if side is None or tree.getNumChildren() != 2 or tree.getChild(side).getType() != libsbml.AST_NAME_TIME:
            self._refuse(event, words)
            return None
        try:
            text = text_of_math(tree.getChild(1 - side))
            return _evaluated(text, self.equations.constants)
        except (ValueError, ArithmeticError):
            self._refuse(event, words)
            return None


def days_of_time(model: Any) -> float | None:
    """Days of the unit of time of a model.

    Parameters
    ----------
    model : Model
        Of libSBML, Level 3.

    Returns
    -------
    float or None
        None where it says none.
    """
    libsbml = library("libsbml")

    name = str(model.getTimeUnits())
    if name == "second":
        return 1.0 / SECONDS_A_DAY
    definition = model.getUnitDefinition(name) if name else None
    if definition is None or definition.getNumUnits() != 1:
        return None
    unit = definition.getUnit(0)
    if unit.getKind() != libsbml.UNIT_KIND_SECOND or unit.getExponentAsDouble() != 1.0:
        return None
    return float(unit.getMultiplier() * 10.0 ** unit.getScale()) / SECONDS_A_DAY


def _evaluated(text: str, values: Mapping[str, float]) -> float:
    places = {name: place for place, name in enumerate(("time", *values))}
    with np.errstate(all="ignore"):
        value = float(compiled(text, places)([0.0, *values.values()]))
    if not math.isfinite(value):
        raise ValueError(f"{text[:60]!r} is no number")
    return value


def _unit(entry: Any) -> str:
    libsbml = library("libsbml")

    definition = entry.getDerivedUnitDefinition()
    text = "" if definition is None else str(libsbml.UnitDefinition.printUnits(definition, True))
    return "unit not said" if text in ("", "indeterminable") else text


def _all(entries: Any) -> list[Any]:
    return [entries.get(place) for place in range(entries.size())]
