"""A database over TLS, by the parameters of its URL alone (S148)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from jeeves.servers import mariadb, postgres
from jeeves.servers.identity import owner
from jeeves.servers.mariadb import MariaDB
from jeeves.servers.postgres import PostgreSQL
from jeeves_service.errors import SettingsError
from support import certificates
from users_service.engine import create_engine
from users_service.migrate import current
from users_service.tls import taken

CIPHER = {
    "postgresql": "SELECT cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    "mysql": "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'ssl_cipher'",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Certificates, in a folder that the servers' users may enter."""
    for path in (tmp_path, *tmp_path.parents[:3]):
        if path.owner() == Path.home().owner() and path != Path("/tmp"):
            path.chmod(0o711)
    certificates.write(tmp_path)
    return tmp_path


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of a private server that speaks TLS, and that takes nobody without."""
    if (postgres if request.param == "postgresql" else mariadb).binaries() is None:
        pytest.skip(f"{request.param} is not installed here")
    made = _postgresql(folder) if request.param == "postgresql" else _mariadb(folder)
    try:
        yield made.url
    finally:
        made.stop()


def _postgresql(folder: Path) -> PostgreSQL:
    made = PostgreSQL.at(folder / "server", durable=False)
    made.start()
    made.stop()
    data = made.folder / "data"
    for name in ("server.pem", "server.key"):
        _give(folder / name, data / name, postgres.owner())
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("ssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\n")
    (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n", encoding="utf-8")
    made.start()
    return made


def _mariadb(folder: Path) -> MariaDB:
    at = folder / "server"
    at.mkdir()
    for name in ("server.pem", "server.key"):
        _give(folder / name, at / name, owner("mysql"))
    options = (f"--ssl-cert={at}/server.pem", f"--ssl-key={at}/server.key", "--require-secure-transport=ON")
    made = MariaDB(at, MariaDB.at(at).port, durable=False, more=options)
    made.start()
    return made


def _give(source: Path, target: Path, user: str | None) -> None:
    shutil.copy(source, target)
    target.chmod(0o600)
    if user:
        shutil.chown(target, user)


async def cipher(url: str, **parameters: str) -> str:
    where = sa.make_url(url).update_query_dict(parameters)
    engine = create_engine(where.render_as_string(hide_password=False))
    try:
        async with engine.connect() as connection:
            return str((await connection.exec_driver_sql(CIPHER[where.get_backend_name()])).scalar_one())
    finally:
        await engine.dispose()


async def test_the_url_alone_says_how_sure_one_wants_to_be_of_the_server(server: str, folder: Path) -> None:
    authority, stranger = str(folder / "authority.pem"), str(folder / "stranger.pem")
    assert "TLS" in await cipher(server, sslmode="require")
    assert "TLS" in await cipher(server, sslmode="verify-full", sslrootcert=authority)
    assert "TLS" in await cipher(server, ssl_mode="VERIFY_IDENTITY", ssl_ca=authority)
    assert "TLS" in await cipher(server, sslmode="verify-ca", sslrootcert=authority)
    with pytest.raises((sa.exc.DBAPIError, OSError)):
        await cipher(server, sslmode="verify-full", sslrootcert=stranger)
    with pytest.raises((sa.exc.DBAPIError, OSError)):
        await cipher(server, sslmode="disable")
    assert await current(f"{server}?sslmode=verify-full&sslrootcert={authority}") is None


@pytest.mark.parametrize("scheme", ["postgresql+asyncpg", "mysql+asyncmy"])
def test_a_mode_that_is_none_and_a_file_that_is_not_there_are_told(scheme: str) -> None:
    with pytest.raises(SettingsError) as refused:
        taken(sa.make_url(f"{scheme}://u:hush@h/d?sslmode=sometimes"))
    assert "disable, require, verify-ca, verify-full" in refused.value.lines[0]
    with pytest.raises(SettingsError) as refused:
        taken(sa.make_url(f"{scheme}://u:hush@h/d?sslrootcert=/nowhere.pem"))
    assert refused.value.lines == [
        "JEEVES_DATABASE_URL is wrong: a certificate or key that it names cannot be used (No such file or directory)."
    ]


def test_a_url_without_them_is_left_as_it_is() -> None:
    url = sa.make_url("postgresql+asyncpg://u@h/d?application_name=x")
    assert taken(url) == (url, {})
