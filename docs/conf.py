"""The site that `make docs-site` builds of this folder: Markdown by MyST, in the theme of PyData, without a network.

Three things are done to a page before it is read: lists of pages become the tables of contents (contents.py), a comment
`<!-- generated: NAME -->` becomes what reference_pages.py makes of the program as it is, and the files of the
repository's root that are pages too are taken in.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

import contents  # noqa: E402
import reference_pages  # noqa: E402

import anagen  # noqa: E402

project = "Anagen"
author = copyright = "Anagen contributors"
release = version = anagen.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
nitpicky = True
highlight_language = "none"
default_role = "code"

myst_heading_anchors = 6
myst_enable_extensions = ["colon_fence"]

autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
python_display_short_literal_types = True
toc_object_entries_show_parents = "hide"

html_theme = "pydata_sphinx_theme"
html_title = "Anagen"
html_static_path = ["static"]
html_favicon = "../src/anagen/studio/static/icon.svg"
html_context = {"default_mode": "auto"}
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_sidebars = {"index": [], "glossary": [], "faq": [], "limits": [], "cite": [], "changelog": [], "gallery": []}
html_theme_options = {
    "header_links_before_dropdown": 6,
    "navigation_with_keys": False,
    "secondary_sidebar_items": {"**": ["page-toc"], "index": [], "gallery": []},
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "show_toc_level": 2,
    "back_to_top_button": True,
}

GENERATED = re.compile(r"^<!-- generated: (?P<name>[a-z-]+) -->$", re.MULTILINE)
ELSEWHERE = re.compile(r"\[(?P<words>[^\]]+)\]\((?:(?:tests|src|studies|benchmarks|release)/[^)]*|Dockerfile)\)")
"""Links to what is no page."""


def _read(_app: Sphinx, page: str, source: list[str]) -> None:
    text = source[0]
    if page in contents.FROM_THE_ROOT:
        text = (DOCS.parent / contents.FROM_THE_ROOT[page]).read_text(encoding="utf-8")
        text = ELSEWHERE.sub(r"\g<words>", text.replace("](docs/", "]("))
    for name, file in contents.FROM_THE_ROOT.items():
        text = text.replace(f"]({file}", f"]({name}.md").replace(f"](../{file}", f"]({name}.md")
    text = GENERATED.sub(lambda found: reference_pages.PAGES[found["name"]](), text)
    source[0] = text + (contents.toctrees(text, page) if page in contents.LISTS else "")


def _always_new(_app: Sphinx, env: BuildEnvironment, *_changes: object) -> list[str]:
    """Pages that say what the program is, which may have changed where their own file has not."""
    texts = {page: Path(env.doc2path(page)).read_text(encoding="utf-8") for page in env.found_docs}
    return [page for page, text in texts.items() if page in contents.FROM_THE_ROOT or GENERATED.search(text)]


def _list_pages(app: Sphinx, failure: Exception | None) -> None:
    if failure is None:
        (Path(app.outdir) / contents.LLMS.name).write_text(contents.llms(".html"), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connects what is done to pages.

    Parameters
    ----------
    app : Sphinx
        What builds.

    Returns
    -------
    dict
        That pages may be read by several processes.
    """
    app.add_lexer("csv", TextLexer)
    app.connect("env-get-outdated", _always_new)
    app.connect("source-read", _read)
    app.connect("build-finished", _list_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
