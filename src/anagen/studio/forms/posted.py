"""What a form posted: values by the name of their control, and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile

MOST_FIELDS = 20_000
MOST_FILES = 20
LARGEST_PART = 1_000_000


@dataclass(frozen=True)
class PostedForm:
    """A posted form.

    Attributes
    ----------
    values : Mapping of str to list of str
        Text of every control, by name.
    files : tuple
        Name and bytes of every file that was chosen.
    """

    values: Mapping[str, list[str]]
    files: tuple[tuple[str, bytes], ...]

    def last(self, name: str, otherwise: str = "") -> str:
        """The last value of a control.

        Parameters
        ----------
        name : str
            Name of the control.
        otherwise : str
            Where it is not there.

        Returns
        -------
        str
            Text.
        """
        return (self.values.get(name) or [otherwise])[-1]


async def posted_form(request: Request) -> PostedForm:
    """Read the form of a request; the guard bounds how long it is.

    Parameters
    ----------
    request : Request
        A POST.

    Returns
    -------
    PostedForm
        What it holds.
    """
    values: dict[str, list[str]] = {}
    files: list[tuple[str, bytes]] = []
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_PART) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    plain = value.filename.replace("\\", "/").rsplit("/", 1)[-1]
                    files.append((plain[:160], await value.read()))
            else:
                values.setdefault(name, []).append(value)
    return PostedForm(values, tuple(files))
