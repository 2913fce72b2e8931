"""A studio for others than oneself: who is let in, with which password, and what each may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from anagen.studio.app import SIGN_INS_A_MINUTE, create_app
from anagen.studio.rates import Rate
from anagen.studio.settings import Settings
from anagen.studio.storage.users import Users

NAME, PASSWORD = "anna", "correct horse battery staple"


@pytest.fixture(scope="module")
def with_users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("users")
    names = {"needs_users": True, "host_names": ("clinic.example",), "behind_proxy": True}
    app = create_app(Settings(folder, run_jobs=False, warm_up=False, **names))
    with TestClient(app, "http://clinic.example", follow_redirects=False, raise_server_exceptions=False) as asking:
        Users(asking.app.state.database).add(NAME, PASSWORD)  # pyright: ignore[reportAttributeAccessIssue]
        yield asking


@pytest.fixture(autouse=True)
def passwords_may_be_tried(request: pytest.FixtureRequest) -> None:
    if "with_users" in request.fixturenames:
        state = request.getfixturevalue("with_users").app.state
        state.sign_ins = Rate(SIGN_INS_A_MINUTE / 60.0, SIGN_INS_A_MINUTE)


def test_only_users_are_let_in_and_go_on_to_where_they_were_going(with_users: TestClient) -> None:
    sent = with_users.get("/runs?state=done")
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=%2Fruns%3Fstate%3Ddone")
    assert with_users.get("/api/v1/runs").status_code == 401
    page = with_users.get(sent.headers["location"])
    assert page.status_code == 200 and 'value="/runs?state=done"' in page.text
    wrong = with_users.post("/login", data={"name": NAME, "password": "wrong", "next": "/runs"})
    assert wrong.status_code == 422 and "do not belong together" in wrong.text
    right = with_users.post("/login", data={"name": NAME, "password": PASSWORD, "next": "/runs?state=done"})
    assert (right.status_code, right.headers["location"]) == (303, "/runs?state=done")
    assert "Secure" in right.headers["set-cookie"]
    token = right.headers["set-cookie"].partition("=")[2].partition(";")[0]
    cookie = {"Cookie": f"anagen-studio={token}"}
    inside = with_users.get("/runs", headers=cookie)
    assert inside.status_code == 200 and NAME in inside.text
    assert with_users.post("/logout", headers=cookie).headers["location"] == "/login"
    assert with_users.get("/runs", headers=cookie).status_code == 303


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "runs"]
)
def test_signing_in_leads_to_no_other_host(with_users: TestClient, elsewhere: str) -> None:
    answer = with_users.post("/login", data={"name": NAME, "password": PASSWORD, "next": elsewhere})
    assert answer.headers["location"] == "/"


def test_passwords_cannot_be_tried_out(with_users: TestClient) -> None:
    with_users.app.state.sign_ins = Rate(0.01, 2.0)  # pyright: ignore[reportAttributeAccessIssue]
    tried = [with_users.post("/login", data={"name": "nobody", "password": str(n)}) for n in range(3)]
    assert [answer.status_code for answer in tried] == [422, 422, 429]
    assert int(tried[-1].headers["retry-after"]) > 60


def test_users_see_their_own_runs_alone(with_users: TestClient) -> None:
    state = with_users.app.state  # pyright: ignore[reportAttributeAccessIssue]
    Users(state.database).add("boris", PASSWORD)
    id = state.jobs.start("run", {"study": "exosome-vs-saline", "patients": 4, "draws": 0}, title="Mine", owner=NAME)
    mine, other = ({"Authorization": f"Bearer {state.sessions.open(name)}"} for name in (NAME, "boris"))
    assert with_users.get(f"/runs/{id}", headers=mine).status_code == 200
    assert [run["id"] for run in with_users.get("/api/v1/runs", headers=mine).json()] == [id]
    assert with_users.get("/api/v1/runs", headers=other).json() == []
    for address in (f"/runs/{id}", f"/runs/{id}/progress", f"/runs/{id}/log", f"/runs/{id}/folder.zip"):
        assert with_users.get(address, headers=other).status_code == 404, address
    for what in ("stop", "go-on", "delete", "undo"):
        assert with_users.post(f"/runs/{id}/{what}", headers=other).status_code == 404, what
    assert state.jobs.get(id).state == "queued"
    with_users.post(f"/runs/{id}/share", headers=mine)
    page = with_users.get(f"/runs/{id}", headers=other)
    assert page.status_code == 200 and f"by {NAME}, who shares it" in page.text
    assert "Stop" not in page.text.replace("Stop keeps", "") and "Share" not in page.text
    assert with_users.get("/api/v1/runs", headers=other).json() == [], "a history holds own runs alone"
    assert with_users.post(f"/runs/{id}/stop", headers=other).status_code == 404
    with_users.post(f"/runs/{id}/unshare", headers=mine)
    assert with_users.get(f"/runs/{id}", headers=other).status_code == 404


def test_a_new_password_and_a_removal_end_sessions(with_users: TestClient) -> None:
    state = with_users.app.state  # pyright: ignore[reportAttributeAccessIssue]
    first = state.sessions.open(NAME)
    Users(state.database).add(NAME, PASSWORD + "!")
    assert state.sessions.find(first) is None
    second = state.sessions.open(NAME)
    Users(state.database).remove(NAME)
    assert state.sessions.find(second) is None
