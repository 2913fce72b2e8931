"""What the studio lets in, and what it answers to the rest."""

from __future__ import annotations

import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from anagen.studio.app import create_app
from anagen.studio.rates import Rate
from anagen.studio.server import _bound, checked
from anagen.studio.settings import Settings
from anagen.studio.storage.database import Database

KEY = "a-key-for-one-session"
NAME, PASSWORD = "anna", "correct horse battery staple"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, run_jobs=False, warm_up=False, largest_body=2000)


def client(settings: Settings, host: str = "localhost:8642") -> TestClient:
    return TestClient(create_app(settings), f"http://{host}", follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Somebody who is known; whatever is asked changes nothing."""
    folder = tmp_path_factory.mktemp("opened")
    settings = Settings(folder, run_jobs=False, warm_up=False, largest_body=2000, key=KEY, posts_a_minute=1000.0)
    with client(settings) as asking:
        assert asking.get(f"/?key={KEY}").status_code == 303
        yield asking


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "localhost.", "10.0.0.1:8642", ""]
)
def test_another_host_name_is_refused(opened: TestClient, host: str) -> None:
    assert opened.get("/", headers={"Host": host}).status_code == 421


def test_a_host_name_that_was_given_is_answered(settings: Settings) -> None:
    with client(replace(settings, host_names=("clinic.example",)), "clinic.example") as asking:
        assert asking.get("/runs").status_code == 200


def test_a_key_opens_one_session_in_a_cookie_that_scripts_cannot_read(settings: Settings) -> None:
    with client(replace(settings, key=KEY)) as asking:
        assert asking.get("/runs").status_code == 401
        answer = asking.get(f"/runs?state=done&key={KEY}&words=x")
        assert (answer.status_code, answer.headers["location"]) == (303, "/runs?state=done&words=x")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie and KEY not in cookie
        assert asking.get("/runs").status_code == 200
        other = TestClient(asking.app, "http://localhost:8642", follow_redirects=False)
        second = other.get(f"/?key={KEY}")
        assert second.status_code == 401 and "used already" in second.text and "anagen studio key" in second.text
        assert other.get("/?key=guess").status_code == 401


def test_a_session_outlives_the_server_and_its_key_does_not_come_back(settings: Settings) -> None:
    closed = replace(settings, key=KEY)
    with client(closed) as asking:
        asking.get(f"/?key={KEY}")
        cookies = dict(asking.cookies)
    with client(closed) as again:
        assert again.get(f"/?key={KEY}").status_code == 401
        again.cookies.update(cookies)
        assert again.get("/runs").status_code == 200


def test_a_key_in_the_address_of_who_is_known_is_taken_out_and_not_used(opened: TestClient) -> None:
    fresh = opened.app.state.sessions.new_key()  # pyright: ignore[reportAttributeAccessIssue]
    assert opened.get(f"/runs?key={fresh}").headers["location"] == "/runs"
    assert TestClient(opened.app, "http://localhost:8642").get(f"/runs?key={fresh}").status_code == 200


def test_a_key_leads_to_no_other_host(settings: Settings) -> None:
    with client(replace(settings, key=KEY)) as asking:
        assert (
            asking.get(f"http://localhost:8642//elsewhere.example/?key={KEY}")
            .headers["location"]
            .startswith("/elsewhere.example")
        )


def test_programs_send_a_token(settings: Settings) -> None:
    with client(replace(settings, key=KEY)) as asking:
        token = asking.app.state.sessions.open(None)  # pyright: ignore[reportAttributeAccessIssue]
        refused = asking.get("/api/v1/health")
        assert refused.status_code == 401 and "Bearer" in refused.json()["problems"][-1]["message"]
        assert asking.get("/api/v1/health", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert asking.get("/api/v1/health", headers={"Authorization": "Bearer guess"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Origin": "http://localhost:8642"}, 404),
        ({}, 404),
    ],
    ids=str,
)
def test_posts_are_taken_from_own_pages_only(opened: TestClient, headers: dict[str, str], status: int) -> None:
    assert opened.post("/runs/0000000000000000/stop", headers=headers).status_code == status


def test_a_body_that_is_too_long_is_refused_whether_it_says_so_or_not(opened: TestClient) -> None:
    said = opened.post("/api/v1/runs", content=b"x" * 3000)
    assert said.status_code == 413 and "at most" in said.json()["problems"][0]["message"]

    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100

    assert opened.post("/runs/0000000000000000/stop", content=pieces()).status_code == 413
    assert opened.post("/runs/0000000000000000/stop", content=b"x" * 1999).status_code == 404
    assert opened.post("/api/v1/runs", content=b"{}", headers={"Content-Length": "-1"}).status_code == 413


def test_every_answer_says_what_a_page_may_do(opened: TestClient) -> None:
    for address in ("/runs", "/static/studio.css", "/nowhere", "/api/v1/health"):
        headers = opened.get(address).headers
        assert "default-src 'self'" in headers["content-security-policy"], address
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_no_page_holds_script_or_style_that_the_policy_would_stop(opened: TestClient) -> None:
    for address in ("/runs", "/nowhere"):
        text = opened.get(address).text
        assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style", text) == []


def test_a_405_names_the_methods_of_all_routes_of_an_address(opened: TestClient) -> None:
    answer = opened.put("/api/v1/runs/0000000000000000")
    assert answer.status_code == 405
    assert {"GET", "DELETE"} <= set(answer.headers["allow"].split(", "))


def test_too_many_posts_and_pictures_are_told_when_to_come_back(settings: Settings) -> None:
    tight = replace(settings, key=KEY, posts_a_minute=3.0, pictures_a_second=1.0, pictures_at_once=5.0)
    with client(tight) as asking:
        asking.get(f"/?key={KEY}")
        answers = [asking.post("/runs/0000000000000000/stop") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
        gets = [asking.get("/api/v1/health").status_code for _ in range(7)]
        assert gets[:5] == [200] * 5 and gets[-1] == 429
        assert asking.get("/static/studio.css").status_code == 200


def test_a_rate_lets_bursts_through_and_fills_again() -> None:
    moment = [0.0]
    rate = Rate(2.0, 4.0, now=lambda: moment[0])
    assert [rate.seconds_to_wait("a") for _ in range(5)] == [0, 0, 0, 0, 1]
    moment[0] = 1.0
    assert [rate.seconds_to_wait("a") for _ in range(3)] == [0, 0, 1]


def test_a_minute_of_dragging_the_slider_is_let_through_at_the_pace_of_its_script() -> None:
    """live.js asks at most every 30 ms; people drag in strokes of a second or two and look in between."""
    settings, moment = Settings(Path()), [0.0]
    rate = Rate(settings.pictures_a_second, settings.pictures_at_once, now=lambda: moment[0])
    refused = 0
    for _ in range(20):
        for _ in range(int(2.0 / 0.03)):
            moment[0] += 0.03
            refused += rate.seconds_to_wait("a") > 0
        moment[0] += 1.0
    assert refused == 0


def test_fifty_runs_wait_and_the_next_one_is_told_to_come_back(settings: Settings) -> None:
    with client(replace(settings, most_waiting=50)) as asking:
        jobs = asking.app.state.jobs  # pyright: ignore[reportAttributeAccessIssue]
        body = {"kind": "run", "title": "Waiting", "spec": {"study": "exosome-vs-saline", "patients": 4, "draws": 0}}
        first = asking.post("/api/v1/runs", json=body)
        assert first.status_code == 201
        for number in range(48):
            jobs.rows.add(**row_of(f"{number:016x}"))
        ids = [first.json()["id"], asking.post("/api/v1/runs", json=body).json()["id"]]
        refused = asking.post("/api/v1/runs", json=body)
        assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0
        page = asking.post("/runs/demo")
        assert page.status_code == 429 and "50 runs wait already" in page.text
        history = asking.get("/runs").text
        assert history.count('<th scope="row"><a href="/runs/') == 50 and all(id in history for id in ids)
        assert "49 runs are done first" in asking.get(f"/runs/{ids[1]}").text
        assert "seconds on one core" in asking.get(f"/runs/{ids[1]}").text


def row_of(id: str) -> dict[str, Any]:
    """A waiting run, as `Jobs.start` would add it once it had checked it."""
    return {
        "id": id,
        "kind": "run",
        "title": f"Number {id}",
        "spec": "{}",
        "spec_sha256": "",
        "state": "queued",
        "stage": "",
        "done": 0.0,
        "total": 0.0,
        "folder": id,
        "attempt": 0,
        "created": time.time(),
    }


def test_a_run_that_would_take_days_is_refused_with_its_estimate(settings: Settings) -> None:
    with client(replace(settings, longest_job=60.0)) as asking:
        spec = {"study": "exosome-vs-saline", "patients": 5000, "replicates": 1000, "keep": "effects"}
        refused = asking.post("/api/v1/runs", json={"kind": "run", "spec": spec})
        assert refused.status_code == 422
        assert "and this studio takes runs of at most 1 minute" in refused.json()["problems"][0]["message"]


@pytest.mark.parametrize(("method", "address"), [("POST", "/trial"), ("POST", "/api/v1/runs"), ("GET", "/runs?key=x")])
def test_a_database_that_is_full_locked_or_read_only_is_told_and_is_no_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, method: str, address: str
) -> None:
    with client(replace(settings, key=KEY)) as asking:
        asking.get(f"/?key={KEY}")
        if method == "GET":
            asking.cookies.clear()  # a key is looked up before any page
        full = OperationalError("insert", {"body": "kept-secret"}, sqlite3.OperationalError("database or disk is full"))

        def refused(*_: object, **__: object) -> None:
            raise full

        monkeypatch.setattr(Database, "writing", refused)
        if method == "GET":
            monkeypatch.setattr(Database, "reading", refused)
        answer = asking.request(method, address, json={"kind": "run", "spec": {"study": "exosome-vs-saline"}})
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "database or disk is full" in answer.text and "kept-secret" not in answer.text


def test_nothing_is_sent_to_where_variables_of_the_environment_say(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    with client(settings) as asking:
        assert asking.get("/api/v1/health").status_code == 200
        asked = getattr(asking.app, "_telemetry", {})  # older versions of FastAPI have none
        assert not any(asked.get(what) for what in ("auto_configure", "tracing", "metrics", "logs"))


def test_nothing_but_loopback_is_served_without_a_proxy_and_names() -> None:
    from anagen.core.errors import InputError

    with pytest.raises(InputError, match="TLS"):
        checked(Settings(Path(), host="0.0.0.0"))
    with pytest.raises(InputError, match="host-name"):
        checked(Settings(Path(), behind_proxy=True))
    beyond = checked(Settings(Path(), host="0.0.0.0", behind_proxy=True, host_names=("clinic.example",)))
    assert beyond.needs_users and beyond.key is None
    assert checked(Settings(Path())).key


@pytest.mark.parametrize(
    "body",
    [
        '{"kind": "run", "spec": {"study": ' + '{"a": ' * 200 + "1" + "}" * 200 + "}}",
        '{"kind": "run", "spec": {"study": ' + "[" * 900 + "]" * 900 + "}}",
        '{"kind": "run", "spec": {"study": "exosome-vs-saline", "patients": NaN}}',
        '{"kind": "run", "spec": {"study": "exosome-vs-saline", "patients": 1e999}}',
        '{"kind": "run", "spec": {"study": "exosome-vs-saline", "draws": true}}',
        '{"kind": "run", "title": "\\ud800", "spec": {"study": "\\ud800"}}',
        '{"kind": "run", "spec": {"study": "/etc/passwd"}}',
        '{"kind": "run", "spec": {"study": null}}',
        '{"kind": "../run", "spec": {}}',
        '{"kind": "run"}',
        "[]",
        "{",
        "",
    ],
    ids=lambda body: body[:60],
)
def test_nonsense_is_refused_with_its_problem(opened: TestClient, body: str) -> None:
    answer = opened.post("/api/v1/runs", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["problems"][0]["message"]


@pytest.mark.parametrize(
    "address",
    [
        "/runs/%00",
        "/runs/..%2f..%2fetc",
        "/runs/x/files/%2e%2e/%2e%2e/studio.sqlite",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fapp.py",
        "/runs/compare?run=%00",
        "/runs/x/progress?after=99999999999999999999",
        "/api/v1/runs/0000000000000000/files/..%2f..%2fstudio.sqlite",
        "/%ff%fe",
    ],
)
def test_no_address_leads_out_of_the_studio(opened: TestClient, address: str) -> None:
    assert opened.get(address).status_code == 404


def test_small_answers_do_not_wait_for_an_acknowledgement(tmp_path: Path) -> None:
    """Where the socket is not named as TCP, asyncio leaves Nagle's algorithm on: 40 ms for each answer."""
    with _bound(Settings(tmp_path, port=0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP
