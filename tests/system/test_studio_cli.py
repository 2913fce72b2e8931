"""The commands of `anagen studio`: what they print, what they refuse."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from cli_calls import PROGRAM, anagen
from studio_server import studio

PASSWORD = "correct horse battery staple"


def users_added(folder: Path, *names: str) -> None:
    for name in names:
        command = [PROGRAM, "studio", "user", "add", name, "--folder", str(folder)]
        added = subprocess.run(command, input=PASSWORD + "\n", capture_output=True, text=True, check=False, timeout=60)
        assert added.returncode == 0, added.stderr
        assert PASSWORD not in added.stdout


def test_a_running_studio_is_opened_by_a_new_key_as_often_as_one_is_asked_for(tmp_path: Path) -> None:
    with studio(tmp_path) as running:
        for _ in range(2):
            printed = anagen("studio", "key", "--folder", str(tmp_path), cwd=tmp_path).stdout.strip()
            assert printed.startswith(f"{running.address}/?key=")
            assert running.client.get(printed, headers={"Cookie": ""}).status_code == 303
        assert running.key is not None
        running.client.cookies.clear()
        assert running.client.get(f"/?key={running.key}").status_code == 401
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(60) == 0 and running.process.stderr is not None
        assert running.process.stderr.read() == "The studio is closed.\n"
        files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(running.key.encode() in data for data in files), "the folder holds hashes alone"


def test_a_studio_of_users_is_backed_up_and_restored_by_commands(tmp_path: Path) -> None:
    users_added(tmp_path / "one", "anna")
    backed = anagen("studio", "backup", "kept.zip", "--folder", "one", cwd=tmp_path)
    assert backed.returncode == 0 and "1 users" in backed.stdout
    assert anagen("studio", "backup", "kept.zip", "--folder", "one", cwd=tmp_path).returncode == 2
    assert anagen("studio", "restore", "kept.zip", "--folder", "two", cwd=tmp_path).returncode == 0
    assert anagen("studio", "--folder", "two", "user", "list", cwd=tmp_path).stdout == "anna\n"
    again = anagen("studio", "restore", "kept.zip", "--folder", "two", cwd=tmp_path)
    assert again.returncode == 2 and "new folder" in again.stderr
    assert anagen("studio", "user", "remove", "boris", "--folder", "two", cwd=tmp_path).returncode == 2
    assert anagen("studio", "token", "boris", "--folder", "two", cwd=tmp_path).returncode == 2


def test_what_cannot_be_served_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    for arguments, words in {
        ("--host", "0.0.0.0"): "TLS",
        ("--behind-proxy",): "host-name",
        ("--database", "mysql://x/y"): "database",
        ("key",): "holds no studio",
        ("user", "add", "anna", "--folder", "/dev/null/x"): "/dev/null",
    }.items():
        refused = anagen("studio", *arguments, cwd=tmp_path)
        assert refused.returncode == 2 and words in refused.stderr, refused.stderr
    assert list(tmp_path.iterdir()) == []
    without = anagen("studio", "--behind-proxy", "--host-name", "x.example", "--port", "0", cwd=tmp_path)
    assert without.returncode == 2 and "user add" in without.stderr


def test_without_its_packages_the_command_says_what_to_install(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['fastapi'] = None\n"
        "from anagen.cli.app import main\n"
        "sys.argv = ['anagen', 'studio', 'key']; sys.exit(main())"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 2 and "anagen[studio]" in finished.stderr
