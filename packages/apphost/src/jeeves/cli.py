"""The `jeeves` command."""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from jeeves.dead_letters.cli import app as dead_letters_app
from jeeves.doctor.cli import doctor
from jeeves.features.cli import app as features_app
from jeeves.move import cli as move_cli
from jeeves.office import commands as office
from jeeves.office.asking import AsJson, show
from jeeves.office.tokens import app as tokens_app
from jeeves.office.users import app as users_app
from jeeves.told import told

BEGAN = time.monotonic()
app = typer.Typer(
    help="Run Jeeves and look after it.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
stack_app = typer.Typer(help="The distributed form on this machine, without containers.", no_args_is_help=True)
gateway_app = typer.Typer(help="The gateway's routes, made from every service.toml.", no_args_is_help=True)
app.add_typer(stack_app, name="stack")
app.add_typer(gateway_app, name="gateway")
app.add_typer(dead_letters_app, name="dead-letters")
app.add_typer(features_app, name="features")
move_cli.add(app)
app.add_typer(users_app, name="users")
app.add_typer(tokens_app, name="tokens")
office.add(app)
app.command()(doctor)


@app.command()
def run() -> None:
    """Run everything in this process, with SQLite (the embedded form)."""
    from jeeves.quit import quietly

    quietly()
    with told():
        from jeeves import embedded
        from jeeves_service.serve import cannot_start

        try:
            embedded.run(os.environ, BEGAN)
        except OSError as error:
            sys.exit(cannot_start("jeeves", error))


@app.command()
def check() -> None:
    """Check the source: format, lint, types, import rules, and that what is declared is what is there."""
    from jeeves.checks import run_all

    sys.exit(run_all())


@app.command()
def prepare() -> None:
    """Make what docker-compose.yml needs and is not there yet: keys, and a .env with passwords."""
    with told():
        from jeeves.environment import Given
        from jeeves.prepare import prepare as make

        for made in make(Given.read(os.environ)):
            typer.echo(f"made {made}")


@app.command("slack-manifest")
def slack_manifest() -> None:
    """Print the manifest of a Slack app that finds this Jeeves at JEEVES_PUBLIC_URL."""
    with told():
        import json

        from jeeves.environment import Given
        from slack_ingest.manifest import manifest

        address = Given.read(os.environ).values.get("JEEVES_PUBLIC_URL", "")
        typer.echo(json.dumps(manifest(address), indent=2, ensure_ascii=False))


@app.command("new-action")
def new_action(name: Annotated[str, typer.Argument(help="what people will call it, such as dice")]) -> None:
    """Make an action of your own in this checkout: one that works, and is tested."""
    with told():
        from jeeves.new_action.make import make

        make(name)


@app.command()
def action(
    name: Annotated[str, typer.Argument(help="its name, as its manifest has it")],
    command: Annotated[list[str] | None, typer.Argument(help="what starts it when it is none of this checkout's")] = None,
) -> None:
    """Run an action beside a running Jeeves, which knows it at once; start it anew whenever its source changes."""
    from jeeves.quit import by_exception

    by_exception()
    with told(), contextlib.suppress(KeyboardInterrupt):
        from jeeves.environment import Given
        from jeeves.features.beside import run as run_beside

        run_beside(Given.read(os.environ), name, command or ())


@app.command()
def version(as_json: AsJson = False) -> None:
    """Tell which Jeeves this is."""
    from importlib.metadata import version as installed

    show({"version": installed("jeeves")}, as_json=as_json, line=installed("jeeves"))


@stack_app.command()
def up() -> None:
    """Start it, and return once it is ready."""
    from jeeves.quit import by_exception

    by_exception()
    with told():
        from jeeves.stack.stack import Stack

        Stack(os.environ).up()


@stack_app.command()
def down() -> None:
    """End what `up` started."""
    with told():
        from jeeves.stack.stack import Stack

        Stack(os.environ).down()


@stack_app.command()
def status() -> None:
    """Show every process and whether it is ready; exit code 1 when one is not."""
    with told():
        from jeeves import registry
        from jeeves.stack import probe
        from jeeves.stack.stack import Stack

        state = Stack(os.environ).state
        trouble = probe.trouble(state, registry.services(), outside=True)
        for unit in state.units:
            pid = unit.process.pid if unit.process else "-"
            typer.echo(
                f"{unit.name:20} pid {pid:<8} port {unit.port:<6} ops {unit.ops_port:<6} {trouble.get(unit.name, 'ready')}"
            )
        raise typer.Exit(bool(trouble))


@gateway_app.command()
def write() -> None:
    """Write gateway/dynamic/jeeves.yml."""
    with told():
        from jeeves import gateway, registry

        path: Path = registry.ROOT / gateway.FILE
        path.write_text(gateway.render(registry.services()), encoding="utf-8")
        typer.echo(f"{gateway.FILE} is written")
