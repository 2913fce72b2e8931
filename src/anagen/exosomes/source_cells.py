"""Where vesicles come from: what a source is expected to carry, how it is grown, what is known of it in hair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from anagen.core.registry import Registry

RawMaterial = Literal["cells", "body fluid", "plant juice"]


@dataclass(frozen=True, slots=True)
class NativeRoute:
    """One way by which vesicles of a source act as they come, with nothing measured or loaded.

    Attributes
    ----------
    input : str
        Input of the signalling network.
    source : str
        Where it was seen, or why it is assumed.
    grade : Literal["A", "B", "C"]
        How well it is known.
    """

    input: str
    source: str
    grade: Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One source of vesicles.

    Attributes
    ----------
    name : str
        Name in product files.
    title : str
        Name in words.
    raw_material : RawMaterial
        What is worked up; sets how much free protein comes with a vesicle.
    human : bool
        Whether the vesicles are human.
    systems : tuple[str, ...]
        Production systems that can be used, the usual one first.
    markers : tuple[str, ...]
        Markers that vesicles of this source are expected to bear.
    contaminants : tuple[str, ...]
        Markers whose presence shows the usual contamination of this source.
    evidence : str
        What was seen in hair, with its system, in a line.
    source : str
        Where that was published.
    unknown : tuple[str, ...], default ()
        What is not known of this source.
    routes : tuple[NativeRoute, ...], default ()
        Ways by which its vesicles act as they come.
    absent : Mapping[str, str], default dict()
        Input of the network that others of these occupy -> why this source does not.
    allergen : bool, default False
        Whether they bring protein of another species, to which people are sensitised.
    """

    name: str
    title: str
    raw_material: RawMaterial
    human: bool
    systems: tuple[str, ...]
    markers: tuple[str, ...]
    contaminants: tuple[str, ...]
    evidence: str
    source: str
    unknown: tuple[str, ...] = ()
    routes: tuple[NativeRoute, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
    allergen: bool = False

    def carries(self, name: str) -> bool:
        """Whether its vesicles occupy an input as they come.

        Examples
        --------
        >>> [SOURCE_CELLS[source].carries("VESICLE_WNT") for source in ("adsc", "plant", "milk", "platelet")]
        [True, False, False, False]
        """
        return any(route.input == name for route in self.routes)

    @property
    def grown(self) -> bool:
        """Whether cells are grown; otherwise a raw material is bought."""
        return self.raw_material == "cells"

    def refuses(self, system: str) -> str | None:
        """Why a production system cannot be used with this source; None where it can."""
        if system in self.systems:
            return None
        return f"{system!r} cannot be used with {self.title}; one of {', '.join(self.systems)} can"


CULTURES = (
    "cell_factory",
    "flask",
    "hollow_fibre_quantum",
    "hollow_fibre_serum_free",
    "spinner",
    "vertical_wheel",
    "fixed_bed",
)
TETRASPANINS = ("CD9", "CD63", "CD81")
MESENCHYMAL = (*TETRASPANINS, "CD73", "CD105")
SERUM = ("albumin", "ApoA1", "ApoB")


_STROMAL = (
    NativeRoute(
        "VESICLE_WNT",
        "Wnt3a on vesicles of human stromal cells, in vitro (doi:10.4252/wjsc.v14.i7.527); assumed of other tissues",
        "C",
    ),
    NativeRoute(
        "VESICLE_UPTAKE",
        "papilla cells in culture, mice, organ culture (doi:10.1038/s41598-017-15505-3, doi:10.1155/2023/5548112)",
        "B",
    ),
)
_EXTRAPOLATED = NativeRoute(
    "VESICLE_UPTAKE",
    "Assumption: what vesicles of stem cells do once taken up, at the lower potency that this source has",
    "C",
)


def _mesenchymal(name: str, title: str, evidence: str, source: str, *unknown: str) -> SourceCell:
    return SourceCell(
        name, title, "cells", True, CULTURES, MESENCHYMAL, SERUM, evidence, source, unknown, routes=_STROMAL
    )


SOURCE_CELLS: Registry[SourceCell] = Registry(
    "source cell",
    {
        entry.name: entry
        for entry in (
            _mesenchymal(
                "adsc",
                "adipose stem cells",
                "papilla cells in culture and human follicles in organ culture; one randomised trial",
                "doi:10.1155/2023/5548112, doi:10.3390/ijms24065703, NCT06930326",
                "whether donors differ more than products",
            ),
            _mesenchymal(
                "bm-msc",
                "bone-marrow stromal cells",
                "human papilla cells in culture and mice",
                "doi:10.1038/s41598-017-15505-3",
                "no controlled trial in scalp was found",
            ),
            _mesenchymal(
                "uc-msc",
                "umbilical-cord stromal cells",
                "human papilla cells at 1e10 to 1e11 particles/mL; registered trials without results",
                "doi:10.1371/journal.pone.0320154, NCT07203599",
                "dose response in people",
            ),
            _mesenchymal(
                "placenta",
                "placental stromal cells",
                "an uncontrolled series of 12 patients whose gain is faster than hair can grow",
                "NCT05658094",
                "no control group; maternal or foetal origin of the cells is often not told",
            ),
            _mesenchymal(
                "foreskin",
                "foreskin stromal cells",
                "a single-arm series of 30 men",
                "Ersan 2024, PMID 39174804",
                "no control group",
            ),
            SourceCell(
                "dermal-papilla",
                "dermal papilla and hair-follicle cells",
                "cells",
                True,
                CULTURES,
                TETRASPANINS,
                SERUM,
                "mouse back skin (spheroids, miR-218-5p) and follicle stem cells in culture",
                "doi:10.1126/sciadv.aba1685, doi:10.3390/ijms24043961",
                ("papilla cells lose their inductive markers in flat culture", "no use in people was found"),
                routes=(
                    NativeRoute(
                        "VESICLE_WNT",
                        "Assumption: papilla cells secrete Wnt; that their vesicles bear it is from memory, not read",
                        "C",
                    ),
                    NativeRoute(
                        "VESICLE_UPTAKE", "mouse skin and follicle stem cells, doi:10.1126/sciadv.aba1685", "C"
                    ),
                ),
            ),
            SourceCell(
                "platelet",
                "activated platelets",
                "body fluid",
                True,
                ("platelet_concentrate",),
                ("CD9", "CD41"),
                (*SERUM, "fibrinogen"),
                "no trial of isolated platelet vesicles in hair was found; platelet-rich plasma is another product",
                "doi:10.3390/ijms22168580",
                ("whether vesicles or soluble factors carry the activity of plasma",),
                routes=(
                    NativeRoute(
                        "VESICLE_UPTAKE",
                        "their factors (PDGF, VEGF, IGF-1, TGF-beta 1, EGF) reach the same kinases; papilla cells in "
                        "culture with plasma, not with isolated vesicles (from memory, not read)",
                        "C",
                    ),
                ),
                absent={"VESICLE_WNT": "platelets carry growth factors; Wnt on their vesicles was not found"},
            ),
            SourceCell(
                "plant",
                "plant juice",
                "plant juice",
                False,
                ("plant_juice",),
                ("TET8",),
                ("cell wall polysaccharide", "rubisco"),
                "no controlled evidence in hair was found",
                "doi:10.3389/fpls.2022.1064412",
                ("whether pressed juice holds secreted vesicles or fragments", "any action on human papilla cells"),
                routes=(_EXTRAPOLATED,),
                absent={"VESICLE_WNT": "plants have no Wnt gene (Wnt belongs to animals; textbook)"},
                allergen=True,
            ),
            SourceCell(
                "milk",
                "bovine milk and colostrum",
                "body fluid",
                False,
                ("milk",),
                (*TETRASPANINS, "MFGE8"),
                ("casein", "albumin"),
                "colostrum vesicles in mice, kept after freeze-drying",
                "doi:10.3389/fcell.2022.815205",
                ("any controlled use in human scalp", "bovine protein in human skin: sensitisation"),
                routes=(_EXTRAPOLATED,),
                absent={"VESICLE_WNT": "no Wnt ligand was reported on vesicles of milk or colostrum"},
                allergen=True,
            ),
        )
    },
)
"""Sources of vesicles by the name that product files use."""
