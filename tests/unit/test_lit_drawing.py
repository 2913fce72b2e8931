"""The network lit by what is given: whole as a file, without styles, every edge a link where it is asked for."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from anagen.signalling.lit_drawing import Lit, lit_svg
from anagen.signalling.network import load_network

NETWORK = load_network()
LEVELS = dict.fromkeys(NETWORK.node_names, 0.3)
LIT = Lit(
    occupied={"VESICLE_WNT": 0.4},
    rest=LEVELS,
    levels=LEVELS | {"WNT": 0.6},
    shares={"VESICLE_WNT->WNT": 0.9, "WNT->GSK3B": 0.45},
    levers={"telogen exit": "+12 %"},
    silenced={"AR->DKK1"},
    chosen="WNT->GSK3B",
)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str, edge: str) -> str:
    found = re.search(rf'data-edge="{re.escape(edge.replace(">", "&gt;"))}".*?</a>', svg, re.DOTALL)
    assert found is not None
    return found[0]


def widths(svg: str, edge: str) -> set[float]:
    return {float(width) for width in re.findall(r'class="own" [^>]*stroke-width="([\d.]+)"', drawn(svg, edge))}


def test_a_lit_network_is_whole_as_a_file_and_needs_no_styles() -> None:
    svg = lit_svg(NETWORK, LIT, title="Vesicles & a <needle>")
    root = ElementTree.fromstring(svg)
    assert "style" not in svg and root.get("viewBox")
    assert root.find(f"{SVG}title") is not None and root.find(f"{SVG}title").text == "Vesicles & a <needle>"  # type: ignore[union-attr]
    assert root.iter(f"{SVG}a").__next__ is not None and not list(root.iter(f"{SVG}a"))
    assert svg == lit_svg(NETWORK, LIT, title="Vesicles & a <needle>")


def test_every_edge_is_a_link_with_words_where_an_address_is_given() -> None:
    svg = lit_svg(NETWORK, LIT, title="x", link=lambda name: f'?a=1&edge={name}"')
    links = list(ElementTree.fromstring(svg).iter(f"{SVG}a"))
    weighted = [edge.name for edge in NETWORK.edges if edge.weight > 0.0]
    assert sorted(str(link.get("data-edge")) for link in links) == sorted(weighted)
    words = {link.get("data-edge"): link.get("aria-label") for link in links}
    assert words["VESICLE_WNT->WNT"] == "VESICLE WNT activates WNT: grade C, carries 90%"
    assert words["AR->DKK1"] == "AR activates DKK1: grade B, silenced"
    assert {link.get("href") for link in links} >= {'?a=1&edge=AR->DKK1"'}


def test_a_line_is_as_wide_as_its_share_and_dashed_where_it_is_assumed() -> None:
    svg = lit_svg(NETWORK, LIT, title="x", link=str)
    wide, half = max(widths(svg, "VESICLE_WNT->WNT")), max(widths(svg, "WNT->GSK3B"))
    assert wide > half > max(widths(svg, "GSK3B->BCATENIN"))
    assert 'stroke-dasharray="7 4"' in drawn(svg, "VESICLE_WNT->WNT")
    assert "stroke-dasharray" not in drawn(svg, "WNT->GSK3B")
    assert svg.count('class="cross"') == 1


def test_only_the_edges_asked_for_are_drawn_with_the_levers_that_move() -> None:
    svg = lit_svg(NETWORK, LIT, title="x", link=str, only={"VESICLE_WNT->WNT", "BCATENIN->STEM_CELLS"})
    assert svg.count("data-edge=") == 2
    assert "telogen exit" in svg and "+12 %" in svg and "immune" not in svg
