"""A throw-away PostgreSQL cluster that nobody else can reach."""

from __future__ import annotations

import asyncio
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from typing import Any

PASSWORD = "s3cret-of-the-test"

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


class PostgresMissing(Exception):
    """There is no PostgreSQL to start here; the text says what to install."""


class Cluster:
    """A running cluster: its socket stands in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._runner = asyncio.Runner()
        self._beside = ThreadPoolExecutor(1)
        self._connections: dict[str, Any] = {}

    def url(self, database: str, password: str = PASSWORD) -> str:
        """Where a database is."""
        return f"postgresql+asyncpg://postgres:{password}@/{database}?host={self._folder}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new and empty database, gone afterwards."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements on a database, over a connection that stays open."""
        if database not in self._connections:
            self._connections[database] = self._run(self._connect(database))
        self._run(self._connections[database].execute("; ".join(statements)))

    def close(self) -> None:
        """Close the connections."""
        for connection in self._connections.values():
            self._run(connection.close())
        self._beside.submit(self._runner.close).result()
        self._beside.shutdown()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        # In a thread and a loop of its own, beside whatever loop the test runs in.
        return self._beside.submit(self._runner.run, work).result()

    async def _connect(self, database: str) -> Any:
        import asyncpg  # noqa: PLC0415 - it may be missing where PostgreSQL is

        return await asyncpg.connect(
            host=str(self._folder), user="postgres", password=PASSWORD, database=database
        )


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Make and start a cluster, and remove it afterwards. Raises PostgresMissing."""
    tools = _tools()
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="bot-pg-"))
    data = folder / "data"
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        _make(tools, folder, data, account)
        options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        options += f" -c unix_socket_directories='{folder}'"
        log = folder / "log"
        start = ["start", "-w", "-D", data, "-l", log, "-o", options]
        _run(tools / "pg_ctl", *start, account=account)
        try:
            with closing(Cluster(folder)) as cluster:
                yield cluster
        finally:
            _run(tools / "pg_ctl", "stop", "-m", "immediate", "-D", data, account=account)
    finally:
        shutil.rmtree(folder)


def _make(tools: Path, folder: Path, data: Path, account: pwd.struct_passwd | None) -> None:
    password = folder / "password"
    password.write_text(PASSWORD)
    # A language's own sort order, as servers have it, and unlike the one by code point.
    locale = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "-E", "UTF8"]
    # SCRAM would cost every connection of every test 20 ms.
    authentication = ["-U", "postgres", "--auth=md5", f"--pwfile={password}"]
    _run(tools / "initdb", "-D", data, "-N", *locale, *authentication, account=account)


def _tools() -> Path:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if not versions:
        raise PostgresMissing("no PostgreSQL here: `apt-get install postgresql` to run this test")
    return versions[-1].parent


def _version(initdb: Path) -> float:
    return float(initdb.parts[-3])


def _account() -> pwd.struct_passwd | None:
    """Whom to run it as: initdb and pg_ctl refuse root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresMissing("root cannot run PostgreSQL and there is no user postgres") from None


def _run(*command: str | Path, account: pwd.struct_passwd | None) -> None:
    as_whom = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd="/",
        timeout=60,
        **(as_whom if account else {}),
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")
