"""What the studio keeps is kept, in SQLite and in PostgreSQL alike: rows, migrations, backups, claims of jobs."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from anagen.core.errors import InputError
from anagen.studio.jobs.job import job_of
from anagen.studio.jobs.queue import Jobs, TooManyJobs
from anagen.studio.jobs.reporter import Heard
from anagen.studio.jobs.rows import Rows
from anagen.studio.storage.backup import back_up, restore
from anagen.studio.storage.database import MIGRATIONS, Database, address_of, migrate
from anagen.studio.storage.store import store_of
from anagen.studio.storage.tables import metadata
from anagen.studio.storage.users import Users
from postgresql import postgresql

SPEC = {"study": "exosome-vs-saline", "patients": 4, "draws": 0}
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    address = None if request.param == "sqlite" else request.getfixturevalue("server")
    database = Database(address_of(tmp_path, address))
    yield database
    if request.param == "postgresql":
        with database.writing() as connection:
            connection.execute(text("drop schema public cascade"))
            connection.execute(text("create schema public"))
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    empty.bring_up_to_date()
    return empty


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]


def test_migrations_make_the_tables_that_the_program_uses_from_every_revision(empty: Database) -> None:
    for revision in revisions():
        with empty.writing() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(text(f"drop table if exists {table.name}"))
            connection.execute(text("drop table if exists alembic_version"))
            migrate(connection, revision)
            connection.execute(text(f"insert into users values ('anna', 'hash of {revision}', 1.5)"))
        empty.bring_up_to_date()
        empty.bring_up_to_date()
        with empty.reading() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
            assert connection.execute(text("select * from users")).all() == [("anna", f"hash of {revision}", 1.5)]


def test_a_database_of_a_later_version_is_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(InputError, match="another version of Anagen"):
        database.bring_up_to_date()


def test_servers_that_start_at_once_migrate_once(empty: Database) -> None:
    faults: list[BaseException] = []

    def start() -> None:
        other = Database(empty.address)
        try:
            other.bring_up_to_date()
        except BaseException as error:
            faults.append(error)
        finally:
            other.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with empty.reading() as connection:
        assert connection.execute(text("select count(*) from jobs")).scalar_one() == 0


def test_every_save_is_a_new_row_and_owners_see_their_own(database: Database) -> None:
    store = store_of(database)
    body = {"study": "mine", "title": "Größe ≥ 5 \u0000", "arms": [1, 2.5, None]}
    first = store.studies.save("Mein Versuch\nzwei \u0000", body, owner="anna")
    second = store.studies.save("Mein Versuch", body, owner="anna", parent=first.id)
    assert first.body == body and first.title == "Mein Versuch zwei \\x00"
    assert (second.parent, second.sha256) == (first.id, first.sha256)
    assert [saved.id for saved in store.studies.list(owner="anna")] == [second.id, first.id]
    assert store.studies.get(first.id, owner="boris") is None and store.studies.list(owner="boris") == []
    assert store.studies.get("nothing") is None and store.studies.get("\u0000") is None
    assert not Users(database).knows("\u0000", "x")


def test_a_job_goes_through_its_states_and_each_step_asks_what_it_was(database: Database, tmp_path: Path) -> None:
    jobs, rows = Jobs(database, tmp_path, most_waiting=2), Rows(database)
    first = jobs.start("run", SPEC, title="First")
    second = jobs.start("run", SPEC, title="50 %_of it")
    with pytest.raises(TooManyJobs):
        jobs.start("run", SPEC, title="Third")
    with pytest.raises(InputError, match="patients"):
        Jobs(database, tmp_path).start("run", SPEC | {"patients": 1}, title="")
    with pytest.raises(InputError, match="no shipped study"):
        Jobs(database, tmp_path).start("run", {"study": "/etc/passwd"}, title="")
    assert [job.id for job in jobs.list(words="%_OF")] == [second]
    for wrong in ({"x": float("nan")}, {"x": "\ud800"}):
        with pytest.raises(InputError, match="cannot be kept"):
            Jobs(database, tmp_path).start("run", wrong, title="")
    deep: dict[str, object] = {}
    for _ in range(900):
        deep = {"a": deep}
    with pytest.raises(InputError, match="levels"):
        Jobs(database, tmp_path).start("run", {"study": deep}, title="")
    with pytest.raises(KeyError):
        jobs.get("\u0000")
    claim = rows.claim(1, "then", 1)
    assert claim is not None and claim.id == first
    assert rows.claim(1, "then", 1) is None, "this machine works on one already"
    assert rows.beat(claim, Heard("simulating", 1.0, 4.0, 3.0)) == "running"
    told = jobs.get(first)
    assert (told.stage, told.done, told.total, told.seconds_left) == ("simulating", 1.0, 4.0, 3.0)
    jobs.stop(first)
    assert rows.beat(claim, None) == "cancelling" and rows.is_stopping(claim)
    assert rows.end(claim, "cancelled")
    assert not rows.end(claim, "done"), "somebody noted an end before"
    jobs.go_on(first)
    again = rows.claim(1, "then", 1)
    assert again is not None and (again.id, again.attempt) == (first, 2)
    assert rows.beat(claim, None) is None and not rows.hand_over(claim, 2, "now")
    with pytest.raises(InputError, match="stop it first"):
        jobs.delete(first)
    assert rows.end(again, "done")
    with pytest.raises(InputError, match="go on"):
        jobs.go_on(first)
    jobs.delete(first)
    assert [job.id for job in jobs.list()] == [second] and [job.id for job in jobs.list(deleted=True)] == [first]
    jobs.undo_delete(first)
    assert {job.id for job in jobs.list()} == {first, second}
    states = [body["state"] for _, _, body in rows.events_after(first, 0) if "state" in body]
    assert states == ["queued", "running", "cancelling", "cancelled", "queued", "running", "done"]


def test_many_servers_at_once_claim_each_job_once(database: Database, tmp_path: Path) -> None:
    jobs = Jobs(database, tmp_path, most_waiting=100)
    ids = {jobs.start("run", SPEC, title=str(number)) for number in range(12)}
    claimed: list[str] = []

    def take() -> None:
        other = Database(database.address)
        while (claim := Rows(other).claim(1, "then", 1000)) is not None:
            claimed.append(claim.id)
        other.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(ids)


def test_a_backup_comes_back_whole_in_either_database(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "studio"
    jobs, store = Jobs(database, folder), store_of(database)
    Users(database).add("anna", PASSWORD)
    id, running = jobs.start("run", SPEC, title="Waiting"), jobs.start("run", SPEC, title="Running", owner="anna")
    jobs.stop(id)
    claim = Rows(database).claim(1, "then", 1)
    assert claim is not None and claim.id == running
    study = store.studies.save("A study", {"study": "x"})
    kept = folder / "runs" / id / "effects.csv"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a,b\r\n1,2\n")
    file = folder / "inside.zip"
    counts = back_up(database, folder, file)
    assert counts == {"users": 1, "studies": 1, "jobs": 2, "files": 1}
    with pytest.raises(InputError, match="exists already"):
        back_up(database, folder, file)
    back_up(database, folder, file, overwrite=True)
    target, place = Database(address_of(tmp_path, f"sqlite:///{tmp_path}/other.sqlite")), tmp_path / "other"
    target.bring_up_to_date()
    assert restore(target, place, file) == counts
    assert (place / "runs" / id / "effects.csv").read_bytes() == kept.read_bytes()
    back = store_of(target)
    assert back.studies.list() == [study]
    assert Users(target).knows("anna", PASSWORD) and not Users(target).knows("anna", PASSWORD + "x")
    assert Jobs(target, place).get(running).state == "interrupted"
    assert Jobs(target, place).get(id).spec == SPEC
    with pytest.raises(InputError, match="already"):
        restore(target, place, file)
    data = file.read_bytes()
    flipped = data[:60] + bytes([data[60] ^ 1]) + data[61:]
    for broken in (b"", b"no zip", data[: len(data) // 2], flipped):
        (tmp_path / "broken.zip").write_bytes(broken)
        fresh = Database(address_of(tmp_path, f"sqlite:///{tmp_path}/fresh.sqlite"))
        fresh.bring_up_to_date()
        with pytest.raises(InputError):
            restore(fresh, tmp_path / "fresh", tmp_path / "broken.zip")
        assert Jobs(fresh, tmp_path).list() == [] and not (tmp_path / "fresh" / "runs").exists()
        fresh.close()
    target.close()


JOB = {
    "id": "ab",
    "kind": "run",
    "title": "t",
    "spec": "{}",
    "spec_sha256": "x",
    "state": "done",
    "stage": "",
    "done": 1.0,
    "total": 1.0,
    "folder": "ab",
    "attempt": 1,
    "created": 1.0,
}
USER = {"name": "anna", "password": "kept-secret", "created": 1.0}


@pytest.mark.parametrize(
    ("head", "rows", "files"),
    [
        ([], {}, ()),
        ({}, {"jobs": [[1, 2]]}, ()),
        ({}, {"users": [1]}, ()),
        ({}, {"users": [USER, USER]}, ()),
        ({}, {"users": [USER | {"password": [1]}]}, ()),
        ({}, {"jobs": [JOB | {"created": "x"}]}, ()),
        ({}, {"jobs": [JOB | {"folder": "../../outside"}]}, ()),
        ({}, {"jobs": [JOB | {"state": "dreaming"}]}, ()),
        ({}, {}, ("folder/kept", "folder/{outside}")),
        ({}, {}, ("folder/kept", "folder/../outside")),
        ({}, {}, ("folder/kept", "folder/./kept")),
        ({}, {}, ("folder/kept", "folder/")),
        ({}, {}, ("folder/address.txt",)),
        ({}, {}, ("folder/kept", "folder/kept/inside")),
    ],
)
def test_a_foreign_file_is_refused_and_leaves_nothing_inside_or_outside(
    tmp_path: Path, head: object, rows: dict[str, list[object]], files: tuple[str, ...]
) -> None:
    known = {"kind": "anagen studio backup", "version": 1, "package": "1"}
    foreign, folder, outside = tmp_path / "foreign.zip", tmp_path / "in" / "studio", tmp_path / "outside"
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("studio.json", json.dumps(known if head == {} else head))
        for table in ("users", "studies", "jobs"):
            archive.writestr(f"rows/{table}.jsonl", "".join(json.dumps(row) + "\n" for row in rows.get(table, [])))
        for name in files:
            archive.writestr(name.format(outside=outside), "x")
    empty = Database(address_of(tmp_path, None))
    empty.bring_up_to_date()
    with pytest.raises(InputError) as told:
        restore(empty, folder, foreign)
    empty.close()
    assert USER["password"] not in str(told.value)
    assert not outside.exists() and not [path for path in (tmp_path / "in").rglob("*") if path.is_file()]


@pytest.mark.parametrize("address", ["postgresql://", "postgresql://here/x", "postgresql://me@here:port/x"])
def test_an_address_of_a_database_that_cannot_be_one_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="postgresql://USER@HOST/NAME"):
        Database(address)


def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    away = Database(address_of(tmp_path, f"postgresql://me:secret@/x?unix_sock={tmp_path}/none"))
    with pytest.raises(InputError) as told:
        away.bring_up_to_date()
    assert "cannot be used" in str(told.value) and "secret" not in str(told.value)
    for wrong in ("mysql://x", "nonsense", "postgresql+psycopg://x"):
        with pytest.raises(InputError, match="database"):
            Database(address_of(tmp_path, wrong))


def test_a_job_knows_its_folder_by_its_identifier_alone(database: Database, tmp_path: Path) -> None:
    id = Jobs(database, tmp_path).start("run", SPEC, title="../../etc/passwd")
    with database.reading() as connection:
        row = connection.execute(text("select * from jobs")).one()
    assert job_of(row, tmp_path).folder == tmp_path / "runs" / id
