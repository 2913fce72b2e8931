"""Product files that were uploaded, kept by what they say, so that an address can name them."""

from __future__ import annotations

import re
from pathlib import Path

from anagen.core.disk import rename_durably, write_durably
from anagen.core.errors import InputError, Problem
from anagen.core.provenance import sha256_of_bytes

PREFIX = "own-"
IDENTIFIER = re.compile(r"own-[0-9a-f]{24}")
NOT_KEPT = "is an uploaded file that this studio does not keep; upload it again"
MOST_BYTES = 200_000
MOST_FILES = 1000


class Uploads:
    """Texts of product files in a folder; the name of a file is the hash of its text, never a name from outside.

    Parameters
    ----------
    folder : Path
        The studio's folder; it is made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "products"

    def keep(self, text: str) -> str:
        """Keep a text; one that is there already is kept once.

        Parameters
        ----------
        text : str
            Of a product file.

        Returns
        -------
        str
            Its identifier, as addresses name it.

        Raises
        ------
        InputError
            Where it is too long, or too many are kept.
        """
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            message = f"holds half a character at place {error.start + 1}, which no file can"
            raise InputError([Problem(None, None, None, "file", message)]) from None
        if len(data) > MOST_BYTES:
            message = f"is {len(data):,} bytes long; a product file has at most {MOST_BYTES:,}"
            raise InputError([Problem(None, None, None, "file", message)])
        identifier = f"{PREFIX}{sha256_of_bytes(data)[:24]}"
        place = self._place(identifier)
        if place.exists():
            return identifier
        self.folder.mkdir(parents=True, exist_ok=True)
        if sum(1 for _ in self.folder.glob(f"{PREFIX}*.toml")) >= MOST_FILES:
            message = f"the studio keeps {MOST_FILES:,} uploaded products already; delete some in {self.folder}"
            raise InputError([Problem(None, None, None, "file", message)])
        unfinished = place.with_suffix(".part")
        write_durably(unfinished, data)
        rename_durably(unfinished, place)
        return identifier

    def text_of(self, identifier: str) -> str | None:
        """A text that was kept.

        Parameters
        ----------
        identifier : str
            From `keep`.

        Returns
        -------
        str or None
            None where there is none of that name.
        """
        if not IDENTIFIER.fullmatch(identifier) or not self._place(identifier).is_file():
            return None
        return self._place(identifier).read_text(encoding="utf-8")

    def _place(self, identifier: str) -> Path:
        return self.folder / f"{identifier}.toml"
