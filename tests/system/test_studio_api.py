"""The API is what its OpenAPI document says; its examples in the documentation run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from anagen.studio.app import create_app
from anagen.studio.settings import Settings
from anagen.studio.storage.studies import Studies
from cli_calls import anagen
from studio_server import studio

ROOT = Path(__file__).parents[2]
SPEC = {"study": "exosome-vs-saline", "patients": 4, "draws": 0}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A studio in which nothing runs, with a run in it."""
    folder = tmp_path_factory.mktemp("api")
    plenty = {"pictures_a_second": 1e6, "pictures_at_once": 1e6, "posts_a_minute": 6e7, "most_waiting": 100_000}
    app = create_app(Settings(folder, run_jobs=False, warm_up=False, **plenty))
    app.state.jobs.start("run", SPEC, title="A run")
    Studies(app.state.database).save("A study", {"study": "x"})
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def faults_of(address: str, cases: int) -> list[str]:
    """What answers to drawn requests have that the document does not say."""
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    profile = settings(max_examples=cases, suppress_health_check=list(HealthCheck), database=None)
    found: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @profile
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            # what a kind of work takes is more than a document can say: it refuses the rest, with every problem
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        try:
            ask()
        except Exception as fault:
            found.append(f"{operation.label}: {fault}")
    return found


def test_every_operation_answers_as_its_document_says(address: str) -> None:
    assert faults_of(address, 4) == []


@pytest.mark.long
def test_every_operation_answers_as_its_document_says_to_many_requests(address: str) -> None:
    assert faults_of(address, 100) == []


def test_the_examples_of_the_documentation_run(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "studio-api.md").read_text(encoding="utf-8")
    (shell,), (python,) = (re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL) for language in ("bash", "python"))
    with studio(tmp_path) as running:
        told = token_of(tmp_path)
        quick = [each.replace('"patients": 20, "draws": 20', '"patients": 4, "draws": 0') for each in (shell, python)]
        program = quick[0].replace("STUDIO=http://127.0.0.1:8642\n", "").replace("TOKEN=$(anagen studio token)\n", "")
        assert program != quick[0]
        environment = os.environ | {"STUDIO": running.address, "TOKEN": told}
        if shutil.which("curl"):
            asked = subprocess.run(
                ["bash", "-euc", program], env=environment, capture_output=True, text=True, timeout=120, check=False
            )
            assert asked.returncode == 0, asked.stderr
            assert re.match(r'\{"seconds":\d', asked.stdout) and '"title":"By curl"' in asked.stdout
        ran = subprocess.run(
            [sys.executable, "-c", quick[1]], env=environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.startswith("done") and "replicate,draw,kind" in ran.stdout


def token_of(folder: Path) -> str:
    """What `anagen studio token` prints."""
    printed = anagen("studio", "token", "--folder", str(folder), cwd=folder)
    assert printed.returncode == 0, printed.stderr
    return printed.stdout.strip()


def test_every_operation_is_described_and_bodies_take_no_unknown_key(address: str) -> None:
    document = httpx2.get(f"{address}/api/v1/openapi.json").json()
    for path, operations in document["paths"].items():
        assert path.startswith("/api/v1/"), "pages are no part of it"
        for method, operation in operations.items():
            assert operation["summary"] and operation["tags"], f"{method} {path}"
    assert document["components"]["schemas"]["Asked"]["additionalProperties"] is False
