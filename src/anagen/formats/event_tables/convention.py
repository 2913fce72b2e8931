"""How a program wants its event table, and how a table of it is known."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.formats.format import Sample

TIED = {"id", "evid", "amt", "mdv", "dv", "cmt"}
"""Columns of which an event table has three at least, beside TIME."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How a program wants its table.

    Attributes
    ----------
    program : str
        Name of the program.
    file : str
        Name of the table in a folder.
    coded : bool
        Whether every cell is a number and columns are in capitals.
    empty : str
        What stands for a DV that is missing.
    missing : str
        What stands for a covariate that is missing.
    events : tuple of int
        Values of EVID.
    comment : str
        Column that begins the header and marks rows to pass over; empty for none.
    numbered : bool
        Whether observations have a number of their own (DVID).
    longest_name : int
        Characters of a column's name.
    longest_value : int
        Characters of a number.
    """

    program: str
    file: str
    coded: bool
    empty: str
    missing: str
    events: tuple[int, ...]
    comment: str = ""
    numbered: bool = False
    longest_name: int = 80
    longest_value: int = 80

    def recognises(self, sample: Sample) -> bool:
        """Whether a file is an event table in the program's spelling, or a folder holds one by its name.

        Parameters
        ----------
        sample : Sample
            Of the file or folder.
        """
        if sample.path.is_dir():
            return self.file in sample.names and self.recognises(Sample(sample.path / self.file))
        names = [cell.strip().strip('"') for cell in sample.head.partition(b"\n")[0].decode("latin-1").split(",")]
        lower = {name.lower() for name in names}
        return "time" in lower and len(TIED & lower) >= 3 and ("TIME" in names) is self.coded
