"""Diaodu's command line: the table of contents of what the bot can do."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

HERE = Path(__file__).resolve().parent

app = typer.Typer(
    help="调度 Diaodu: a Telegram bot that runs a district's weekly dispatch meeting.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
export_app = typer.Typer(help="Write files: ledger.", no_args_is_help=True)
people_app = typer.Typer(help="People: list, invite, office.", no_args_is_help=True)
app.add_typer(export_app, name="export")
app.add_typer(people_app, name="people")

Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file.")]
CONFIG = HERE / "config.toml"


@app.command()
def run(config: Config = CONFIG) -> None:
    """Run the bot until it is stopped (Ctrl-C or SIGTERM)."""
    from config import ConfigError, load_settings
    from installation import CannotStart
    from logs import set_up_logs
    from service import Service

    try:
        settings = load_settings(config)
        set_up_logs(settings.log.level, settings.token)
        asyncio.run(Service(settings).run())
    except (ConfigError, CannotStart) as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(2) from None


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where the bulletin and transcript go.")] = Path("out"),
) -> None:
    """Play a dispatch week without a token: the real bot against a simulated Telegram."""
    from rehearsal.demo import main

    raise typer.Exit(main(out))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=".xlsx, .xls, .ods or .csv")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Write it; without this a dry run.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why annual plans change.")] = "",
    year: Annotated[int, typer.Option(help="The list year, where the file is silent.")] = 0,
    unit: Annotated[
        list[str] | None, typer.Option(help="A column's unit where the file is wrong: 总投资=亿元")
    ] = None,
    config: Config = CONFIG,
) -> None:
    """Read a project ledger: a dry run first, then --apply."""
    from desk_work import import_file

    raise typer.Exit(import_file(config, file, apply, reason, year or None, unit or []))


@export_app.command("ledger")
def export_ledger(
    target: Annotated[Path, typer.Argument(help="The .xlsx file to write.")],
    config: Config = CONFIG,
) -> None:
    """Write the ledger back in the office's columns, with today's figures."""
    from desk_work import export_file

    raise typer.Exit(export_file(config, target))


@people_app.command("list")
def list_people(config: Config = CONFIG) -> None:
    """Everybody with unit, roles and whether they have joined."""
    from desk_work import print_people

    raise typer.Exit(print_people(config))


@people_app.command("invite")
def invite_people(config: Config = CONFIG) -> None:
    """A fresh link for everybody who has not joined; their earlier links stop working."""
    from desk_work import print_invitations

    raise typer.Exit(print_invitations(config))


@people_app.command("office")
def office_link(config: Config = CONFIG) -> None:
    """A fresh one-time link that makes its account the first of the dispatch office."""
    from desk_work import print_office_link

    raise typer.Exit(print_office_link(config))


@app.command()
def check(config: Config = CONFIG) -> None:
    """Look at settings, texts, templates, database, token, groups; exit 1 if one is wrong."""
    from checkup import check_all

    raise typer.Exit(asyncio.run(check_all(config, print)))


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    app()
