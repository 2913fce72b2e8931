"""Where parameter values come from: the priors alone, the posterior that is shipped, or one in a file."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.core.foreign import INSTEAD, foreign
from anagen.core.texts import LARGEST_FILE
from anagen.parameters.files import priors
from anagen.parameters.posterior import SUFFIX, Posterior, prior_sha256, read_posterior
from anagen.parameters.sets import ParameterSet

PRIOR, POSTERIOR, DEFAULT = "prior", "posterior", "default"
FIELD = "parameters"
ASSAYS = "assays"
"""Key of a manifest's diagnostics under which stands what assays taught of the network."""
SHIPPED = Path(__file__).with_name(f"{POSTERIOR}{SUFFIX}")
"""Where the posterior stands that comes with the package, where one does."""


class OtherPriorsWarning(UserWarning):
    """A posterior was computed from other priors than those of this version."""


@dataclass(frozen=True, slots=True)
class ParameterSource:
    """Where parameter values come from, told so that another process finds the same.

    Attributes
    ----------
    name : str
        "prior", "posterior", or the name of a file.
    path : Path, optional
        File of the posterior; None for the priors alone.
    sha256 : str, optional
        Hash of that file.
    """

    name: str
    path: Path | None = None
    sha256: str | None = None

    def load(self) -> ParameterSet:
        """The parameters.

        Raises
        ------
        InputError
            Where the posterior cannot be read, or is no longer the one that was named.
        """
        if self.path is None:
            return priors()
        posterior = read_posterior(self.path)
        if posterior.sha256 != self.sha256:
            message = "was changed while it was in use; give the command again"
            raise InputError([Problem(str(self.path), None, None, FIELD, message)])
        return priors().with_posterior(posterior)


Source = str | Path | ParameterSource
"""How a caller names a source; see `parameter_source`."""


def parameter_source(named: Source = DEFAULT, *, tell: Callable[[str], None] | None = None) -> ParameterSource:
    """The source that a name stands for; its posterior is read and checked.

    Parameters
    ----------
    named : Source, default DEFAULT
        "prior", "posterior" (the shipped one), the path of a posterior, or "default": the posterior where one is
        shipped, else the priors. A source stands for itself.
    tell : Callable[[str], None], optional
        Is given what a reader should know in place of a warning.

    Raises
    ------
    InputError
        Where there is no such source, or its posterior cannot be used.

    Warns
    -----
    OtherPriorsWarning
        Where the posterior was computed from other priors of the parameters that it holds. The others, those that were
        added since among them, are drawn from their priors.

    Examples
    --------
    >>> parameter_source("prior")
    ParameterSource(name='prior', path=None, sha256=None)
    """
    if isinstance(named, ParameterSource):
        return named
    if str(named) == PRIOR or (str(named) == DEFAULT and not SHIPPED.is_file()):
        return ParameterSource(PRIOR)
    shipped = str(named) in (POSTERIOR, DEFAULT)
    if shipped and not SHIPPED.is_file():
        message = "this version comes with no posterior"
        raise InputError([Problem(None, None, None, FIELD, message, (PRIOR, f"the path of a {SUFFIX} file"))])
    path = SHIPPED if shipped else _path_of(Path(named))
    posterior = read_posterior(path)
    ours = prior_sha256(priors().with_posterior(posterior), posterior.names)
    if posterior.manifest["prior_sha256"] != ours:
        message = _other_priors(path, posterior, ours)
        if tell is None:
            warnings.warn(message, OtherPriorsWarning, stacklevel=2)
        else:
            tell(message)
    return ParameterSource(POSTERIOR if shipped else path.name, path, posterior.sha256)


def load_parameters(source: Source = DEFAULT) -> ParameterSet:
    """The shipped parameters, with a posterior where the source has one; see `parameter_source`.

    Examples
    --------
    >>> len(load_parameters()) > 50
    True
    """
    return parameter_source(source).load()


def source_facts(source: ParameterSource, parameters: ParameterSet) -> dict[str, Any]:
    """What a manifest says of its parameters: `parameter_source` in words, `posterior` where there is one.

    Parameters
    ----------
    source : ParameterSource
        Where they come from.
    parameters : ParameterSet
        As they were used, so without columns that a study replaced.

    Examples
    --------
    >>> source_facts(parameter_source("prior"), load_parameters("prior"))
    {'parameter_source': 'hand-set priors'}
    """
    posterior = parameters.posterior
    if posterior is None:
        return {"parameter_source": "hand-set priors"}
    calibrated, rest = len(parameters.calibrated), len(parameters) - len(parameters.calibrated)
    manifest = posterior.manifest
    return {
        "parameter_source": f"posterior of {calibrated} parameters ({source.name}), priors of the other {rest}",
        "posterior": {
            "name": source.name,
            "sha256": posterior.sha256,
            "prior_sha256": manifest["prior_sha256"],
            "draws": posterior.draws,
            "calibrated": calibrated,
            "prior_only": rest,
            "sampler": manifest["sampler"],
            "studies": list(manifest["studies"]),
            **({"assays": manifest["diagnostics"][ASSAYS]} if ASSAYS in manifest["diagnostics"] else {}),
        },
    }


def standing(calibrated: int, prior_only: int, what: str = "parameters") -> str:
    """How far parameters are known, in a sentence that is true to their numbers.

    Parameters
    ----------
    calibrated : int
        How many take posterior draws.
    prior_only : int
        How many do not.
    what : str, default "parameters"
        Which ones, for the sentence.

    Returns
    -------
    str
        The sentence, with its full stop.

    Examples
    --------
    >>> standing(0, 3)
    'Parameters are hand-set: written down by hand from publications, not yet calibrated.'
    >>> standing(1, 3).split(";")[0]
    '1 of 4 parameters takes its draws from a posterior, which data inform in part'
    """
    if not calibrated:
        return "Parameters are hand-set: written down by hand from publications, not yet calibrated."
    text = f"{calibrated} of {calibrated + prior_only} {what} "
    text += "takes its draws" if calibrated == 1 else "take joint draws"
    rest = f"{prior_only} keep their priors" if prior_only != 1 else "1 keeps its prior"
    return f"{text} from a posterior, which data inform in part; {rest}, written down by hand from publications."


def _path_of(path: Path) -> Path:
    if path.is_file() and path.suffix != SUFFIX:
        _refuse_other_kinds(path)
    if path.is_file() or path.suffix == SUFFIX:
        return path.resolve()
    near = difflib.get_close_matches(str(path).lower(), (PRIOR, POSTERIOR), n=1)
    allowed = (PRIOR, POSTERIOR, f"the path of a {SUFFIX} file")
    message = f"there is no source of parameters {str(path)!r}"
    raise InputError([Problem(None, None, None, FIELD, message, allowed, near[0] if near else None)])


def _refuse_other_kinds(path: Path) -> None:
    """Refuses a file that holds no draws under its own name, before one beside it is looked for."""
    try:
        with path.open("rb") as stream:
            head = stream.read(LARGEST_FILE)
    except OSError as error:
        raise InputError(
            [Problem(str(path), None, None, FIELD, f"the file cannot be read: {error.strerror}")]
        ) from None
    if not head.startswith(b"PAR1"):
        message = foreign(head, "posterior") or f"is not a posterior; {INSTEAD['posterior']}"
        raise InputError([Problem(str(path), None, None, FIELD, message)])


def _other_priors(path: Path, posterior: Posterior, ours: str) -> str:
    theirs = str(posterior.manifest["prior_sha256"])
    return (
        f"{path.name} was computed from other priors ({theirs[:12]}, here {ours[:12]}): what is not in it is drawn "
        "from the priors of this version, and what is in it may not be what these priors and the same data would give"
    )
