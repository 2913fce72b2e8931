"""What the form of a study is made of: controls, groups and lists, by their place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from anagen.core.reading import Key, field_text, is_list, is_mapping
from anagen.studio.forms.field import Choice, Field
from anagen.studio.forms.study_schema import Form, study_schema
from anagen.studio.forms.study_words import STEPS
from anagen.study.yaml_text import data_text

LINES, TICKS = "lines", "ticks"
"""Kinds of controls beside those of `Field`: text of several lines, and several of a list."""


@dataclass(frozen=True)
class Control:
    """One key of the file that holds one value.

    Attributes
    ----------
    key : Key
        Its place.
    field : Field
        The control; its name is the place in words.
    form : Form
        How text becomes a value of the file.
    """

    key: Key
    field: Field
    form: Form


@dataclass(frozen=True)
class Group:
    """A mapping of the file: controls that belong together.

    Attributes
    ----------
    key : Key
        Its place.
    title : str
        Its words; "" of a group whose title its holder has.
    note : str
        A sentence.
    parts : tuple
        What is shown at once.
    more : tuple
        What is shown under "More".
    filled : int
        How many keys under "More" the file holds.
    order : tuple of str
        Its keys in the order of the schema.
    short : str
        The key that one value alone stands for, where the file may hold one; else "".
    removable : bool
        Whether a button takes it away.
    """

    key: Key
    title: str
    note: str = ""
    parts: tuple[Part, ...] = ()
    more: tuple[Part, ...] = ()
    filled: int = 0
    order: tuple[str, ...] = ()
    short: str = ""
    removable: bool = False

    @property
    def id(self) -> str:
        """Identifier of the group in the page."""
        return "g-" + "".join(c if c.isalnum() else "-" for c in field_text(self.key))

    @property
    def name(self) -> str:
        """Its place in words."""
        return field_text(self.key)


@dataclass(frozen=True)
class Rows:
    """A list of mappings, or a mapping whose keys the user chooses.

    Attributes
    ----------
    key : Key
        Its place.
    title : str
        Its words.
    note : str
        A sentence.
    rows : tuple of Group
        What it holds.
    adding : str
        Words of the button that adds one.
    choices : tuple of Choice
        What may be added, where that is chosen.
    listed : bool
        Whether it is a list of the file; else a mapping.
    """

    key: Key
    title: str
    note: str = ""
    rows: tuple[Group, ...] = ()
    adding: str = "Add"
    choices: tuple[Choice, ...] = ()
    listed: bool = True

    @property
    def id(self) -> str:
        """Identifier of the list in the page."""
        return "g-" + "".join(c if c.isalnum() else "-" for c in field_text(self.key))

    @property
    def name(self) -> str:
        """Its place in words."""
        return field_text(self.key)


Part = Control | Group | Rows


@dataclass(frozen=True)
class Built:
    """The whole form.

    Attributes
    ----------
    steps : dict of str to Group
        By name of the step.
    """

    steps: Mapping[str, Group] = field(default_factory=dict[str, Group])

    def orders(self) -> dict[Key, tuple[str, ...]]:
        """Keys of every mapping in the order of the schema.

        Returns
        -------
        dict of Key to tuple of str
            By the place of the mapping.
        """
        found = {part.key: part.order for part in self.parts() if isinstance(part, Group) and part.key}
        for step in STEPS:
            if len(step.shown) == 1 and step.name in self.steps:
                # the step stands for its one section
                found[(step.shown[0],)] = self.steps[step.name].order
        return found | {(): tuple(study_schema()["properties"])}

    def controls(self, step: str | None = None) -> Iterator[Control]:
        """Controls of a step, or of all.

        Parameters
        ----------
        step : str or None
            Name of the step.

        Yields
        ------
        Control
            In the order of the page.
        """
        for part in self.parts(step):
            if isinstance(part, Control):
                yield part

    def parts(self, step: str | None = None) -> Iterator[Part]:
        """Everything in a step, or in all.

        Parameters
        ----------
        step : str or None
            Name of the step.

        Yields
        ------
        Control, Group or Rows
            Holders before what they hold.
        """
        for name, group in self.steps.items():
            if step in (None, name):
                yield from _inside(group)


def _inside(part: Part) -> Iterator[Part]:
    yield part
    if isinstance(part, Group):
        for each in (*part.parts, *part.more):
            yield from _inside(each)
    elif isinstance(part, Rows):
        for row in part.rows:
            yield from _inside(row)


def shown_text(form: Form, value: Any) -> str:
    """A value of the file as its control shows it.

    Parameters
    ----------
    form : Form
        How it is asked for.
    value : object
        The value.

    Returns
    -------
    str
        Text; "on" of a tick.

    Examples
    --------
    >>> shown_text(Form("list", numbers=True), [0, 12, 24]), shown_text(Form("text"), 0.05)
    ('0, 12, 24', '0.05')
    """
    if form.what == "yaml":
        return data_text(value).rstrip("\n").removesuffix("\n...")
    if form.what == "tick" and isinstance(value, bool):
        return "on" if value else ""
    if is_list(value):
        return ", ".join(shown_text(Form("text"), entry) for entry in value)
    if is_mapping(value):
        return data_text(value).strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
