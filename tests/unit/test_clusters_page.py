"""The examples of docs/clusters.md: run with stand-ins for SLURM's package, and held to what the command reads."""

from __future__ import annotations

import json
import re
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from anagen.execution.cluster import address_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "clusters.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return text


def test_the_script_for_slurm_leaves_a_file_that_the_option_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    class SLURMCluster:
        scheduler_address = "tcp://192.0.2.2:37945"

        def __init__(self, **settings: object) -> None:
            asked.update(settings)

        def adapt(self, *, minimum_jobs: int, maximum_jobs: int) -> None:
            asked.update(jobs=(minimum_jobs, maximum_jobs))

        def job_script(self) -> str:
            return "#!/usr/bin/env bash"

    package = ModuleType("dask_jobqueue")
    package.SLURMCluster = SLURMCluster  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dask_jobqueue", package)
    monkeypatch.setattr(signal, "pause", lambda: None)
    monkeypatch.chdir(tmp_path)
    exec(compile(block("python"), "slurm.py", "exec"), {"__name__": "__main__"})
    assert address_of(str(tmp_path / "scheduler.json")) == SLURMCluster.scheduler_address
    assert json.loads((tmp_path / "scheduler.json").read_text()) == {"address": SLURMCluster.scheduler_address}
    assert asked["cores"] == asked["processes"], "one thread for each worker"
    assert asked["jobs"][0] >= 1, "a cluster without workers is refused"


def test_the_manifest_for_kubernetes_leads_to_the_scheduler_that_the_page_names() -> None:
    manifest = yaml.safe_load(block("yaml"))
    name, spec = manifest["metadata"]["name"], manifest["spec"]
    (scheduler,) = spec["scheduler"]["spec"]["containers"]
    (worker,) = spec["worker"]["spec"]["containers"]
    (port,) = spec["scheduler"]["service"]["ports"]
    assert scheduler["image"] == worker["image"]
    assert port["targetPort"] in {each["name"] for each in scheduler["ports"]}
    assert spec["scheduler"]["service"]["selector"]["dask.org/cluster-name"] == name
    assert f"service/{name}-scheduler {port['port']}:{port['port']}" in PAGE
    assert f"tcp://{name}-scheduler:{port['port']}" in PAGE
    assert worker["args"][worker["args"].index("--nthreads") + 1] == "1"
