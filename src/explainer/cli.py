"""The command line: ``explainer build | check | add | export | data``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click
from tqdm import tqdm

from explainer.evidence import Evidence, EvidenceError
from explainer.parameters import ParameterError

FAULT, USAGE = 1, 2


def _fails_clearly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the project's own errors into one message and the right exit status."""
    import functools

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        from explainer.build.editions import EditionError
        from explainer.build.faults import ChapterError
        from explainer.build.swap import BuildBusyError
        from explainer.publish.model import PublishError

        try:
            command(*args, **options)
        except (ParameterError, EditionError) as error:
            _stop(str(error), USAGE)
        except (EvidenceError, ChapterError, PublishError, BuildBusyError) as error:
            _stop(str(error), FAULT)
        except ImportError as error:
            _stop(f"{error}. Nothing was replaced. Mend: make report installs what is missing.", FAULT)
        except OSError as error:
            _stop(f"{error.filename or 'system'}: {error.strerror or error}. Nothing was replaced.", FAULT)

    return wrapped


def _stop(message: str, status: int) -> None:
    click.echo(message, err=True)
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="explainer")
def main() -> None:
    """Build and check the report."""


def _parameters(text: tuple[str, ...]) -> dict[str, str]:
    """Read ``name=value`` pairs; what a value must be, the model of the parameters knows."""
    values: dict[str, str] = {}
    for pair in (p for t in text for p in t.split()):
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise ParameterError(f"{pair!r}: write parameters as name=value")
        values[name] = value
    return values


@main.command()
@click.option("--edition", "name", help="Edition from editions.toml; latest by default.")
@click.option("--as-of", help="Any day, YYYY-MM-DD, instead of a named edition.")
@click.option("--focus", help="Actor code for a brief from its side.")
@click.option("-p", "--param", "params", multiple=True, help="Parameters as name=value, blank-separated or repeated.")
@click.option("--all", "everything", is_flag=True, help="Build every edition of editions.toml.")
@click.option("--force", is_flag=True, help="Run every chapter even when nothing changed.")
@click.option("--explain", is_flag=True, help="Say for each chapter why it did or did not run.")
@_fails_clearly
def build(
    name: str | None,
    as_of: str | None,
    focus: str | None,
    params: tuple[str, ...],
    everything: bool,
    force: bool,
    explain: bool,
) -> None:
    """Build an edition: run the chapters, write report.html and report.pdf."""
    from explainer.build.editions import read_editions
    from explainer.build.request import requested

    editions = list(read_editions().values()) if everything else [requested(name, as_of, focus, _parameters(params))]
    from explainer.build.report import build as build_edition

    for edition in editions:
        with tqdm(
            total=8,
            unit="step",
            desc=edition.name,
            bar_format="{desc:<46} {bar:20} {n}/{total} [{elapsed}]",
            disable=None if sys.stderr.isatty() else False,
            mininterval=0,
            leave=True,
        ) as bar:

            def step(text: str, bar: tqdm = bar, edition: Any = edition) -> None:
                bar.set_description_str(f"{edition.name}: {text}")
                bar.update()

            result = build_edition(edition, progress=step, force=force)
            bar.n = bar.total
            bar.set_description_str(f"{edition.name}: done")
        if explain:
            for key, reason in result.reasons.items():
                click.echo(f"{edition.name}  {key:<26} {'ran' if key in result.ran else 'kept'}  ({reason})")
        click.echo(f"{result.report}/report.html\n{result.report}/report.pdf")


@main.command()
@click.option("--ledger", is_flag=True, help="Write the ledger of claims as CSV to standard output.")
@_fails_clearly
def check(ledger: bool) -> None:
    """Check evidence and prose; name every fault with its place and mend."""
    from explainer.build.prose import check_all, write_ledger

    evidence = Evidence.load()
    entries, problems = check_all(evidence)
    if ledger:
        click.echo(write_ledger(entries), nl=False)
    if problems:
        raise EvidenceError(problems)
    click.echo(
        f"{len(evidence.tables)} tables and {len(entries)} paragraphs hold together as of {evidence.as_of}.", err=True
    )


@main.command()
@_fails_clearly
def data() -> None:
    """Write data/README.md and data/datapackage.json from the schema."""
    from explainer.build.package import write

    write()


@main.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(["csl", "bibtex", "ris"]))
@click.option("--edition", "name", help="Edition from editions.toml; latest by default.")
@click.option("--as-of", help="Any day, YYYY-MM-DD, instead of a named edition.")
@click.option("--report", "alone", is_flag=True, help="The reference of the report itself instead of its sources.")
@_fails_clearly
def export(form: str, name: str | None, as_of: str | None, alone: bool) -> None:
    """Write the sources of an edition as a bibliography, to standard output.

    FORMAT is csl (CSL JSON, for Zotero and pandoc), bibtex or ris.
    """
    from explainer import sources
    from explainer.build.report import TITLE
    from explainer.build.request import requested
    from explainer.publish import citing

    day = requested(name, as_of, None, {}).as_of.isoformat()
    if alone:
        items = [citing.report_item(TITLE, day)]
    else:
        items = [citing.source_item(*pair) for pair in sources.records(Evidence.load(day)).items()]
    click.echo(citing.FORMATS[form].write(items), nl=False)


@main.group()
def add() -> None:
    """Add a source, an event or a statement to the tables.

    Columns that are not given as options are asked for, one by one, when a person sits at the terminal. The row
    is written only when it fits, in its place; no other row changes.
    """


def _add_command(kind: str) -> click.Command:
    """Make ``explainer add KIND`` with one option a column."""
    from explainer.build.add import KINDS
    from explainer.schema import TABLES

    table = TABLES[KINDS[kind]]
    options = [
        click.Option([f"--{c.name.replace('_', '-')}", c.name], help=c.meaning + ".", metavar=c.kind.upper())
        for c in table.columns
    ]
    ask = click.Option(["--ask/--no-ask"], default=None, help="Ask for what is not given; default: at a terminal.")
    about = f"Add {table.row[0].lower()}{table.row[1:]} to {table.name}.csv. Lists are joined with ';'."
    return click.Command(kind, params=[*options, ask], help=about, callback=_fails_clearly(_adder(kind)))


def _adder(kind: str) -> Callable[..., None]:
    def run(ask: bool | None, **given: str | None) -> None:
        from explainer.build.add import Addition
        from explainer.build.package import write

        addition = Addition(kind)
        row = {name: text.strip() for name, text in given.items() if text is not None}
        if ask or (ask is None and sys.stdin.isatty()):
            _ask(addition, row)
        key = addition.table.key[0]
        row.setdefault(key, addition.propose_id(row))
        line = addition.write(row)
        write(addition.folder)
        click.echo(f"{addition.path.name}:{line} {row[key]}")

    return run


def _ask(addition: Any, row: dict[str, str]) -> None:
    """Ask for each column that is not given, the id last, and again until the answer fits."""
    key = addition.table.key[0]
    for column in sorted(addition.table.columns, key=lambda c: c.name == key):
        if column.name in row:
            continue
        allowed = f" [{', '.join(column.values)}]" if column.values else ""
        click.echo(f"{column.meaning}{allowed}{'' if column.required else ' (may stay empty)'}", err=True)
        default = addition.propose_id(row) if column.name == key else ""
        while True:
            text = click.prompt(column.name, default=default, show_default=bool(default), err=True).strip()
            problems = addition.column_problems(column, text)
            if not problems:
                row[column.name] = text
                break
            for problem in problems:
                click.echo(f"  {problem}", err=True)


for _kind in ("source", "event", "statement"):
    add.add_command(_add_command(_kind))


@main.command()
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--all", "everything", is_flag=True, help="List every value of a series, not only its newest.")
@_fails_clearly
def diff(first: str, second: str, as_json: bool, everything: bool) -> None:
    """Say what differs between two editions, each change with its class.

    FIRST and SECOND are names of editions.toml, days (YYYY-MM-DD), other checkouts of the project, or folders of
    built editions. Nothing has to be built. New: it was not there; correction: it was wrong; update: it was right
    and is overtaken, or rests on other sources; wording: other words, the same statement.
    """
    import json

    from explainer.build.diff import compare
    from explainer.build.diff_text import report
    from explainer.build.snapshots import both

    found = compare(*both(first, second))
    click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1) if as_json else report(found, everything))


@main.command()
@click.option("--edition", "name", help="Edition from editions.toml; latest by default.")
@click.option("--as-of", help="Any day, YYYY-MM-DD, instead of a named edition.")
@click.option("--focus", help="Actor code for a brief from its side.")
@click.option("--port", default=8787, show_default=True, help="Port on the loopback address; 0 for any.")
@_fails_clearly
def watch(name: str | None, as_of: str | None, focus: str | None, port: int) -> None:
    """Build again on every save; the page in the browser reloads by itself.

    The page is served to this machine only. An error is shown here and the page before stays. Ctrl-C ends it.
    """
    from explainer.build.request import requested
    from explainer.build.watch import watch as watch_project

    edition = requested(name, as_of, focus, {})
    given = (("--edition", name), ("--as-of", as_of), ("--focus", focus))
    options = [part for option, value in given if value for part in (option, value)]
    watch_project(options, f"reports/{edition.name}/report.html", port, lambda text: click.echo(text, err=True))


@main.command("new-chapter")
@click.argument("name")
@_fails_clearly
def new_chapter(name: str) -> None:
    """Write the scaffold of a chapter, such as 06-what-comes-next; it passes the checks and says what to fill."""
    from explainer.build.editions import LATEST, find_edition
    from explainer.build.new_chapter import CELLS, write

    path = write(name, find_edition(LATEST).as_of.isoformat())
    click.echo(path)
    click.echo(f"Fill its cells: {', '.join(cell for cell, _ in CELLS)}. Then: make check, make report.", err=True)


if __name__ == "__main__":
    main()
