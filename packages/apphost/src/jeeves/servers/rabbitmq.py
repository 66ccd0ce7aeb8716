"""A private RabbitMQ node from installed binaries (3.10 to 4.x): one data folder, three ports, 127.0.0.1 only."""

import contextlib
import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jeeves.servers.processes import (
    Process,
    Server,
    ServerError,
    born,
    command_of,
    free_ports,
    kept_secret,
    last_lines,
    spawn,
    until,
)

#: Debian's /usr/sbin/rabbitmq-server changes the user and drops the environment; the script behind it does not.
FOLDERS = ("/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin", "/usr/local/opt/rabbitmq/sbin")
LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}"
IDLE = "+sbwt none +sbwtdcpu none +sbwtdio none"  # a waiting scheduler gives its core to the others
HELLO = b"AMQP\x00\x00\x09\x01"


def binaries() -> Path | None:
    """Return the folder of RabbitMQ's own scripts, where it is installed."""
    for folder in (*FOLDERS, *os.environ.get("PATH", "").split(os.pathsep)):
        script = Path(folder) / "rabbitmq-server"
        if script.exists() and (folder in FOLDERS or not (Path(FOLDERS[0]) / "rabbitmq-server").exists()):
            return Path(folder)
    return None


def answers(port: int) -> bool:
    """Tell whether a broker greets on a port: its first frame is Connection.Start."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
        connection.settimeout(2)
        connection.sendall(HELLO)
        return connection.recv(1) == b"\x01"
    return False


@dataclass
class RabbitMQ(Server):
    """A node. `folder` keeps its data; the ports stay the same over restarts."""

    folder: Path
    port: int
    epmd_port: int
    dist_port: int

    @classmethod
    def at(cls, folder: Path) -> "RabbitMQ":
        """Return a node with data in `folder` on free ports."""
        return cls(folder.absolute(), *free_ports(3))

    @property
    def url(self) -> str:
        return f"amqp://jeeves:{kept_secret(self.folder / 'password')}@127.0.0.1:{self.port}/"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def process(self) -> Process | None:
        """The node's own process, which writes its pid itself."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.folder / "pid").read_text(encoding="ascii"))
            return Process(pid, born(pid)) if str(self.folder) in command_of(pid) else None
        return None

    def start(self, seconds: float = 90) -> None:
        """Start the node and return once it greets. Raises ServerError."""
        scripts = binaries()
        if scripts is None:
            raise ServerError("RabbitMQ is not installed")
        self._configure()
        launched = spawn([str(scripts / "rabbitmq-server")], self.log, environ=self._environ(), cwd=self.folder)
        if not until(lambda: answers(self.port) or not launched.alive, seconds) or not answers(self.port):
            self.kill()
            launched.end(1)
            raise ServerError(f"RabbitMQ did not start; the end of {self.log}:\n{last_lines(self.log)}")

    def stop(self) -> None:
        """End the node politely, then its own epmd."""
        if node := self.process:
            node.end(30)
        (self.folder / "pid").unlink(missing_ok=True)
        epmd = shutil.which("epmd") or next((str(p) for p in Path("/usr/lib/erlang").glob("erts-*/bin/epmd")), None)
        if epmd:
            subprocess.run([epmd, "-port", str(self.epmd_port), "-kill"], env=self._environ(), capture_output=True, check=False)

    def _configure(self) -> None:
        for name in ("home", "log", "mnesia", "gen", "conf.d"):
            (self.folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / "pid").unlink(missing_ok=True)
        lines = (
            f"listeners.tcp.default = 127.0.0.1:{self.port}",
            "default_user = jeeves",
            f"default_pass = {kept_secret(self.folder / 'password')}",
            "disk_free_limit.absolute = 50MB",
            "vm_memory_high_watermark.absolute = 512MB",
            "raft.wal_max_size_bytes = 64000000",
            "log.file.level = warning",
        )
        config = self.folder / "rabbitmq.conf"
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        config.chmod(0o600)
        (self.folder / "enabled_plugins").write_text("[].\n", encoding="utf-8")
        (self.folder / "advanced.config").write_text("[].\n", encoding="utf-8")

    def _environ(self) -> dict[str, str]:
        at = str(self.folder)
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))},
            "HOME": f"{at}/home",
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"jeeves{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.dist_port),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": f"{at}/rabbitmq",
            "RABBITMQ_CONFIG_FILES": f"{at}/conf.d",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{at}/advanced.config",
            "RABBITMQ_MNESIA_BASE": f"{at}/mnesia",
            "RABBITMQ_LOG_BASE": f"{at}/log",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{at}/gen",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{at}/enabled_plugins",
            "RABBITMQ_PID_FILE": f"{at}/pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{LOOPBACK} {IDLE}",
            "RABBITMQ_CTL_ERL_ARGS": LOOPBACK,
        }
