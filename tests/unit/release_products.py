"""Product files for the tests of release: one that tells much and shows little, and the results that it lacks."""

from __future__ import annotations

CORD = """name = "cord-frozen"
title = "Umbilical-cord vesicles, frozen in sucrose"
source_cell = "uc-msc"
summary = "Cord cells on microcarriers, filtration and a column, kept at -80 C; for injection into the scalp."
unknown = ["dose response in people"]

[preparation]
isolation = ["tangential-flow", "size-exclusion"]
system = "vertical_wheel"
medium = "xeno-free, 48 h"
depleted = true
passage = 5
viability = "96 %"
cells_counted = true
donors = "three cords, working cell bank"

[particles]
vial_volume = "2 mL"
counting = "nta"
second_method = "flow"
diameter = {value = "115 nm", basis = "measured", source = "nano-flow", grade = "B"}
diameter_sd = {value = "35 nm", basis = "measured", source = "nano-flow", grade = "B"}

[particles.concentration]
value = "5e10 particles/mL"
low = "4e10 particles/mL"
high = "6e10 particles/mL"
basis = "measured"
source = "release specification"
grade = "B"

[particles.particle_to_protein]
value = "2e10 particles/ug"
low = "1e10 particles/ug"
high = "4e10 particles/ug"
basis = "measured"
source = "NTA over micro-BCA"
grade = "B"

[dose]
value = "1e11 particles"
basis = "measured"
source = "protocol"
grade = "B"

[batch]
cv = 0.25
of = "potency"
seen_in = 6
source = "six batches in the papilla-cell assay"

[characterisation]
claims = "extracellular vesicle"
imaging = ["cryo-em"]
topology = true
detergent_control = true
buffer_control = true
sterility = true
endotoxin = true
methods_reported = true

[[marker]]
name = "CD63"
result = "present"
source = "bead flow"
[[marker]]
name = "syntenin-1"
result = "present"
source = "Western blot"
[[marker]]
name = "GM130"
result = "absent"
source = "Western blot"

[potency]
assay = "EdU incorporation in papilla cells under DHT"
cells = "human papilla cells, three donors"
dose_response = true
vehicle_control = true
depleted_control = true
source = "in-house validation"
relative_potency = {value = 1.2, low = 0.8, high = 1.8, basis = "measured", source = "parallel-line assay", grade = "B"}

[[storage]]
temperature = "-80 C"
days = "365 days"
buffer = "pbs-sucrose"
tube = "low-binding"
"""
"""A product as makers describe one: much is told, and little of it is a result."""

COUNTED = (9.6e10, 1.02e11, 9.9e10, 1.05e11, 9.4e10, 1.0e11, 1.01e11, 9.8e10, 1.03e11, 9.7e10)
COUNTS = ", ".join(f'"{count:.2e} particles"' for count in COUNTED)
RESULTS: dict[str, tuple[str, str]] = {
    "lipids or RNA": ('"conforms"', "phosphatidylserine present"),
    "morphology": ('"conforms"', "cups with a membrane, not clumped"),
    "detergent lysis": ('"lysed"', ""),
    "size": ('"96 %"', ""),
    "particles per container": (f"[{COUNTS}]", ""),
    "protein per dose": ('"5 ug/dose"', "<= 20 ug/dose"),
    "sterility": ('"no growth"', ""),
    "mycoplasma": ('"negative"', ""),
    "endotoxin per mL": ('"< 0.05 EU/mL"', ""),
    "adventitious virus": ('"not detected"', ""),
    "residual albumin": ('"12 ng/mL"', "<= 50 ng/mL"),
    "residual antibiotics": ('"not detected"', ""),
    "residual DNA": ('"< 1 ng/dose"', ""),
    "appearance": ('"conforms"', "clear to opalescent, colourless"),
    "pH": ("7.2", ""),
    "osmolality": ('"305 mOsm/kg"', ""),
    "subvisible particles 10 um": ('"240 particles/container"', ""),
    "subvisible particles 25 um": ('"12 particles/container"', ""),
    "container closure": ('"tight"', ""),
    "dose response": ('"graded"', ""),
    "mock control": ('"inactive"', ""),
    "cell bank": ('"conforms"', "working cell bank WCB-3, characterised"),
    "donor eligibility": ('"eligible"', ""),
    "karyotype": ('"normal"', ""),
    "STR profile": ('"match"', ""),
    "cell markers": ('"conforms"', "CD73, CD90, CD105 >= 95 %; CD34, CD45 <= 2 %"),
    "cell differentiation": ('"positive"', ""),
    "stability": ('"conforms"', "12 months at -80 C"),
}
"""Result and own limit of every test that the product above lacks."""
THIRD_PROTEIN = '[[marker]]\nname = "CD81"\nresult = "present"\nsource = "bead flow"\n'


def with_results(results: dict[str, tuple[str, str]], text: str = CORD, *, head: str = "") -> str:
    """A product file with results of a batch."""
    lines = [text, "[release]", 'batch = "UC-2501"', 'use = "injected"', 'label = "1e11 particles"', head]
    for test, (result, limit) in results.items():
        lines += ["[[release.result]]", f'test = "{test}"', f"result = {result}", 'method = "as validated"']
        lines += [f'limit = "{limit}"'] if limit else []
    return "\n".join(lines) + "\n"


def complete() -> str:
    """The product with every result, a third protein, and cells of the fourth passage."""
    return with_results(RESULTS, CORD.replace("passage = 5", "passage = 4") + THIRD_PROTEIN)
