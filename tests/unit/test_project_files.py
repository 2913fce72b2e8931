"""Files for those who carry the project on agree with the project: workflow, hooks, containers, recipes, forms."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from faults import every_fault

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
APPTAINER = (ROOT / "release" / "anagen.def").read_text(encoding="utf-8")
ON_CONDA = {"duckdb": "python-duckdb", "matplotlib": "matplotlib-base", "SALib": "salib"}
"""Packages that have another name on conda-forge."""
NOT_IN_IMAGES = {"benchmarks", "dev", "docs", "references", "release"}
"""Extras of those who work on the project."""


def read(name: str) -> Any:
    """A YAML file. Its key `on` is read as true, as YAML 1.1 has it."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_the_workflow_runs_what_the_readme_names_on_every_python() -> None:
    (job,) = read(".github/workflows/ci.yml")["jobs"].values()
    named = re.findall(r"Python :: (3\.\d+)$", "\n".join(PYPROJECT["project"]["classifiers"]), re.MULTILINE)
    assert job["strategy"]["matrix"]["python"] == named
    commands = [step["run"].split() for step in job["steps"] if "run" in step]
    readme = re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    asked = [words[-1] for words in commands]
    assert asked == ["demo", "test"]
    assert set(asked) <= set(readme) & targets()
    assert all(words[0] == "make" for words in commands)


def test_the_workflow_may_read_alone_and_is_pinned() -> None:
    text = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    workflow = read(".github/workflows/ci.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow["jobs"].values())
    assert "secrets." not in text and "pull_request_target" not in text
    uses = re.findall(r"uses: (\S+)", text)
    assert uses and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name) for name in uses)


def test_hooks_are_programs_of_the_environment_that_lint_runs() -> None:
    (local,) = read(".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local", "nothing is downloaded"
    with every_fault() as row:
        for hook in local["hooks"]:
            with row(hook["id"]):
                program, *options = hook["entry"].split()
                assert hook["language"] == "system"
                assert program.startswith(".venv/bin/")
                shared = " ".join([program.replace(".venv", "$(BIN)").replace("/bin", ""), *options])
                assert shared.removesuffix(" --force-exclude") in MAKEFILE


def test_images_are_of_one_pinned_base_and_hold_the_extras_for_users() -> None:
    bases = re.findall(r"^(?:FROM|From:) (\S+)", f"{DOCKERFILE}\n{APPTAINER}", re.MULTILINE)
    assert len(bases) == 3 and len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", bases[0])
    extras = sorted(set(PYPROJECT["project"]["optional-dependencies"]) - NOT_IN_IMAGES)
    with every_fault() as row:
        for name, text in {"Dockerfile": DOCKERFILE, "release/anagen.def": APPTAINER}.items():
            with row(name):
                assert f"[{','.join(extras)}]" in text
                installs = re.findall(r"pip install .*", text)
                assert installs and all("--constraint constraints.txt" in line for line in installs)


def test_the_image_serves_as_nobody_in_particular_and_asks_a_page_that_is_open() -> None:
    from anagen.studio.guard import OPEN
    from anagen.studio.settings import DEFAULT_PORT

    last_stage = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]
    assert re.findall(r"^USER (\S+)", last_stage, re.MULTILINE) == ["10001:10001"]
    (port, page) = re.findall(r"urlopen\('http://127\.0\.0\.1:(\d+)(/\w+)'", last_stage)[0]
    assert int(port) == DEFAULT_PORT and page in OPEN
    assert f"EXPOSE {DEFAULT_PORT}" in last_stage


def test_the_image_starts_a_studio_that_asks_who_comes() -> None:
    from anagen.studio.server import checked
    from anagen.studio.settings import Settings

    (words,) = re.findall(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    given = [word.strip().strip('"') for word in words.split(",")]
    options = dict(zip(given, [*given[1:], ""], strict=True))
    assert given[0] == "studio" and "--behind-proxy" in given
    settings = Settings(
        Path(options["--folder"]), host=options["--host"], behind_proxy=True, host_names=(options["--host-name"],)
    )
    assert checked(settings).needs_users


def test_the_context_of_the_image_holds_what_it_copies() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert ignored[1] == "*" and sources == let_in
    assert all((ROOT / source).exists() for source in sources)


def test_the_dockerfile_has_nothing_that_hadolint_would_say() -> None:
    beside = ROOT / ".venv-release" / "bin" / "hadolint"
    found = str(beside) if beside.exists() else shutil.which("hadolint")
    if found is None:
        pytest.skip("hadolint is not installed; make release-check installs it")
    said = subprocess.run([found, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (0, "")


def test_the_recipe_for_conda_asks_for_what_the_package_asks_for() -> None:
    recipe = read("release/recipe.yaml")
    project = PYPROJECT["project"]
    asked = [re.match(r"([\w.-]+)(.*)", line) for line in project["dependencies"]]
    expected = {f"{ON_CONDA.get(part[1], part[1].lower())} {part[2]}" for part in asked if part}
    assert set(recipe["requirements"]["run"]) == {f"python {project['requires-python']}", *expected}
    (entry,) = recipe["build"]["python"]["entry_points"]
    assert entry == f"anagen = {project['scripts']['anagen']}"
    assert (recipe["about"]["summary"], recipe["about"]["license"]) == (project["description"], project["license"])


def test_what_was_never_built_says_so_in_its_head() -> None:
    with every_fault() as row:
        for name in ("Dockerfile", "release/anagen.def", "release/recipe.yaml"):
            with row(name):
                head = (ROOT / name).read_text(encoding="utf-8")[:400]
                assert re.search(r"never\s+(#\s+)?built", head, re.IGNORECASE)


def test_forms_for_issues_have_a_name_and_say_what_they_are_for() -> None:
    with every_fault() as row:
        for path in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.md")):
            with row(path.name):
                _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
                assert set(yaml.safe_load(head)) == {"name", "about", "title", "labels"}
                assert "**" in body


def test_every_command_of_make_that_pages_name_is_there() -> None:
    pages = ["README.md", "CONTRIBUTING.md", "RELEASE.md", "tests/README.md", ".github/pull_request_template.md"]
    with every_fault() as row:
        for name in pages:
            with row(name):
                named = set(re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8")))
                assert named <= targets()


def test_make_lists_what_people_run() -> None:
    described = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony.split()) == described
    assert {"release-check", "release-files"} <= described


def test_what_tests_read_is_in_the_source_archive() -> None:
    listed = PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert all((ROOT / name.removeprefix("/")).exists() for name in listed)
    assert {"/release", "/RELEASE.md", "/Dockerfile", "/.github", "/.pre-commit-config.yaml"} <= set(listed)


def test_nothing_is_deprecated_while_the_page_says_so() -> None:
    page = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8")
    sources = (ROOT / "src").rglob("*.py")
    warns = any("DeprecationWarning" in path.read_text(encoding="utf-8") for path in sources)
    assert ("Nothing is deprecated now" in page) != warns
