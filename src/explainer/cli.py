"""The command line: ``explainer build | check | add | site | export | data | diff | watch | new-chapter | retire``."""

import gc
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

import click

from explainer.problems import AskedError, Refusal

# What a command needs it imports itself: a build that finds nothing changed must not wait for pandas.

FAULT, UNFORESEEN = 1, 70
LONGEST_END = 15  # seconds that a command which was told to end may take for it


class _Verb(click.Command):
    """A command that works in a report and takes no empty values."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what is asked; of an option that stands twice, none is dropped unsaid."""
        given = self.make_parser(ctx).parse_args(list(args))[2]
        for one in (one for one in given if isinstance(one, click.Option) and not one.multiple | one.is_flag):
            if given.count(one) > 1:
                raise click.UsageError(f"{'/'.join(one.opts)} stands twice. Mend: leave out all but one.", ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        from explainer.project import PROJECT

        for one in self.params:
            given = ctx.params.get(one.name or "")
            if any(isinstance(v, str) and not v.strip() for v in (given if isinstance(given, tuple) else [given])):
                raise click.UsageError(f"{'/'.join(one.opts)} is empty. Mend: give it a value, or leave it out.")
        _ = PROJECT.told
        return super().invoke(ctx)


class _Verbs(click.Group):
    """Turns the project's own errors into one message and the right exit status."""

    command_class = _Verb

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is asked for, and answer for whatever it raises."""
        try:
            _stop_when_told_to()
            if os.environ.pop("PYTHONWARNINGS", None) or sys.warnoptions:  # those of libraries, nobody here can mend
                sys.warnoptions.clear()  # what is started is started with them
                warnings.simplefilter("ignore")
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            _stop("Stopped. What was finished stays; nothing else was replaced.", 128 + (stopped.args or [2])[0])
        except ImportError as error:
            _stop(f"{error}. Nothing was replaced. Mend: make report installs what is missing.", FAULT)
        except OSError as error:
            mend = " Mend: make the place readable and writable, with room in it." if error.errno else ""
            _stop(f"{error.filename or 'system'}: {error.strerror or error}. Nothing was replaced.{mend}", FAULT)
        except Refusal as error:
            _stop(str(error), error.status)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001 - no input may end in a traceback
            _stop(_unforeseen(error), UNFORESEEN)


def _unforeseen(error: Exception) -> str:
    """Say that the fault is the program's own, and keep the trace for those who mend it."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="explainer-", suffix=".txt", delete=False, encoding="utf-8") as kept:
        traceback.print_exception(error, file=kept)
    at = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error}"[:300]
    return f"The program itself failed, at {at.name} ({Path(at.filename).name}:{at.lineno}): {what}. See {kept.name}"


def _stop_when_told_to() -> None:
    """Answer a request to end, or a closed terminal, as Ctrl-C: nothing is left lying about, and the end comes soon."""

    def end(signum: int, _frame: Any) -> None:
        signal.signal(signal.SIGALRM, lambda *_: os._exit(128 + signum))
        signal.alarm(LONGEST_END)
        raise KeyboardInterrupt(signum)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):  # nohup asks that one be ignored
            signal.signal(number, end)


def _stop(message: str, status: int) -> None:
    click.echo(message, err=True)
    sys.exit(status)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="explainer")
def main() -> None:
    """Build and check the report."""


def _parameters(text: tuple[str, ...]) -> dict[str, str]:
    """Read ``name=value`` pairs; what a value must be, the model of the parameters knows."""
    values: dict[str, str] = {}
    for pair in (p for t in text for p in t.split()):
        name, _, value = pair.partition("=")
        if not name or not value or values.get(name, value) != value:
            raise AskedError(f"{pair!r}: write parameters as name=value, each once")
        values[name] = value
    return values


@main.command()
@click.option("--edition", "name", help="Edition from report.toml; latest by default.")
@click.option("--as-of", help="Any day, YYYY-MM-DD, instead of a named edition.")
@click.option("--focus", "focuses", multiple=True, help="Actor code for a brief from its side; several for an archive.")
@click.option("-p", "--param", "params", multiple=True, help="Parameters as name=value, blank-separated or repeated.")
@click.option("--all", "everything", is_flag=True, help="Build every edition of report.toml.")
@click.option("--every", type=click.Choice(["day", "week"]), help="Build an archive: an edition a day, or a week.")
@click.option("--from", "first", help="First day of the archive; the first of the evidence by default.")
@click.option("--to", "last", help="Last day of the archive; that of the latest edition by default.")
@click.option("--pdf/--no-pdf", default=True, help="Set the PDF as well; without it an archive takes half the time.")
@click.option("--workers", type=click.IntRange(1), help="Local processes; by default one a core, and a kernel more.")
@click.option("--dask", metavar="ADDRESS", help="Scheduler of a Dask cluster that does the work instead.")
@click.option("--force", is_flag=True, help="Make everything even when nothing changed.")
@click.option("--explain", is_flag=True, help="Say for each chapter and page why it was or was not made.")
def build(params: tuple[str, ...], force: bool, explain: bool, **asked: Any) -> None:
    """Build an edition, or many: run the chapters, write report.html and brief.pdf, report.pdf, record.pdf."""
    from explainer.editions import fresh

    now = fresh.inputs()
    how = {"force": force, **{key: asked.pop(key) for key in ("workers", "dask", "pdf")}}
    question = [sorted(asked.items()), _parameters(params), how["pdf"]]
    rows = None if force else fresh.standing(question, now)
    if rows is None:
        rows = _build_now(question, now, how)
    _tell(rows, explain)


def _build_now(question: list[Any], now: dict[str, str], how: dict[str, Any]) -> list[Any]:
    from explainer.run.pool import begin

    begin(how["dask"])  # before what is slow to import
    from tqdm import tqdm

    from explainer.check.budgets import page_problems
    from explainer.editions import fresh
    from explainer.editions.build import build_all, steps
    from explainer.editions.editions import archive

    editions = archive(**dict(question[0]), values=question[1])
    form = "{desc:<46} {bar:20} {n}/{total} [{elapsed}]"
    with tqdm(total=steps(editions, how["pdf"]), bar_format=form, mininterval=0) as bar:

        def progress(edition: str, what: str) -> None:
            bar.set_description_str(f"{edition}: {what}")
            bar.update()

        results = build_all(editions, progress, **how)
    for problem in [found for result in results if how["pdf"] for found in page_problems(result.report)]:
        click.echo(f"Warning: {problem}", err=True)
    rows = [(one.edition, str(one.report), dict(sorted(one.parts.items()))) for one in results]
    fresh.remember(question, now, rows, (path for result in results for path in result.written))
    return rows


def _tell(rows: list[Any], explain: bool) -> None:
    """Say what was made of each edition and why, and where it stands."""
    width = max(len(name) for name, _, _ in rows)
    if explain:
        for name, _, parts in rows:
            for key, (ran, why) in parts.items():
                click.echo(f"{name}  {key:<26} {'ran' if ran else 'kept'}  ({why})")
    if len(rows) == 1:
        names = ("report.html", "brief.pdf", "report.pdf", "record.pdf")
        click.echo("\n".join(str(file) for name in names if (file := Path(rows[0][1]) / name).is_file()))
        return
    click.echo(f"{'edition':<{width}}  chapters run  pages made  folder")
    for name, folder, parts in rows:
        made = [sum(ran for key, (ran, _) in parts.items() if ("." in key) == page) for page in (False, True)]
        click.echo(f"{name:<{width}}  {made[0]:>12}  {made[1]:>10}  {folder}")


@main.command()
@click.option("--ledger", is_flag=True, help="Write the ledger of claims as CSV to standard output.")
def check(ledger: bool) -> None:
    """Check evidence and prose; name every fault with its place and mend."""
    gc.disable()  # it ends before a collection pays
    from explainer.check.budgets import page_problems
    from explainer.check.proof import check_newest
    from explainer.check.sentences import check_all, write_ledger
    from explainer.editions.editions import LATEST, report_problems
    from explainer.evidence.evidence import Evidence, EvidenceError
    from explainer.project import REPORTS
    from explainer.text.chapters import read_chapters, run_problems

    evidence, chapters = Evidence.load(), read_chapters()
    problems = [*report_problems(evidence), *run_problems(chapters)]
    entries, more = check_all(evidence, chapters)
    factual, newest = check_newest(evidence, chapters)
    problems += more + newest + page_problems(REPORTS / LATEST)
    if ledger:
        click.echo(write_ledger(entries), nl=False)
    if problems:
        raise EvidenceError(problems)
    click.echo(
        f"{len(evidence.tables)} tables and {len(entries)} paragraphs hold together as of {evidence.as_of}. "
        f"Its {factual} sentences of fact carry their proof.",
        err=True,
    )


@main.command()
@click.option("--draw", "number", type=click.IntRange(1), default=60, show_default=True, help="Sentences to draw.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed draws other sentences.")
@click.option("--out", "folder", default="audit", show_default=True, help="Folder for audit.csv and audit.html.")
def audit(number: int, seed: int, folder: str) -> None:
    """Draw sentences of fact for a judge: a sheet with their sources, rows, guards and room for a verdict."""
    from explainer.author.audit import draw, write
    from explainer.evidence.evidence import Evidence
    from explainer.text.chapters import read_chapters

    for path in write(draw(Evidence.load(), read_chapters(), number, seed), Path(folder)):
        click.echo(path)


@main.command()
def data() -> None:
    """Write data/README.md and data/datapackage.json from the schema."""
    from explainer.author.datapackage import write

    write()


@main.command()
def site() -> None:
    """Lay every edition of report.toml, index, feed and pictures into site/, for a web server; nothing is built."""
    from explainer.editions.site import SITE, lay

    click.echo(f"{SITE / 'index.html'}: {', '.join(lay())}")


@main.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(["csl", "bibtex", "ris"]))
@click.option("--edition", "name", help="Edition from report.toml; latest by default.")
@click.option("--as-of", help="Any day, YYYY-MM-DD, instead of a named edition.")
@click.option("--report", "alone", is_flag=True, help="The reference of the report itself instead of its sources.")
def export(form: str, name: str | None, as_of: str | None, alone: bool) -> None:
    """Write the sources of an edition as a bibliography, to standard output.

    FORMAT is csl (CSL JSON, for Zotero and pandoc), bibtex or ris.
    """
    from explainer.editions.editions import on_its_day, requested
    from explainer.evidence import sources
    from explainer.project import PROJECT
    from explainer.publish import citing

    evidence = on_its_day(requested(name, as_of, None, {}))
    if alone:
        items = [citing.report_item(PROJECT.told, evidence.as_of.isoformat())]
    else:
        items = [citing.source_item(*pair) for pair in sources.records(evidence).items()]
    click.echo(citing.FORMATS[form].write(items), nl=False)


class _Adding(click.Group):
    """Makes a command for each kind when one of them is asked for: their options are the tables' columns."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name what can be added."""
        from explainer.author.add import kinds

        return list(kinds())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make ``explainer add KIND`` with one option a column."""
        from explainer.author.add import add as add_row
        from explainer.author.add import kinds
        from explainer.author.datapackage import write

        if not (table := kinds().get(cmd_name)):
            return None
        name = table.name

        def run(**given: str | None) -> None:
            row = {name: text.strip() for name, text in given.items() if text is not None}
            identifier, line = add_row(cmd_name, row)
            write()
            click.echo(f"{name}.csv:{line} {identifier}")

        options: list[click.Parameter] = [
            click.Option([f"--{c.name.replace('_', '-')}", c.name], help=c.meaning + ".", metavar=c.kind.upper())
            for c in table.columns
        ]
        about = f"Add {table.row[0].lower()}{table.row[1:]} to {name}.csv. Lists are joined with ';'."
        return _Verb(cmd_name, params=options, help=about, callback=run)


@main.group(cls=_Adding)
def add() -> None:
    """Add a row, such as a source, an event or a statement, to the tables.

    The row is written only when it fits, in its place; no other row changes. Without an id, one is proposed.
    """


@main.command()
@click.argument("first")
@click.argument("second")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--all", "everything", is_flag=True, help="List every value of a series, not only its newest.")
def diff(first: str, second: str, as_json: bool, everything: bool) -> None:
    """Say what differs between two editions, each change with its class.

    FIRST and SECOND are names of report.toml, days (YYYY-MM-DD), other checkouts of the project, or folders of
    built editions. Nothing has to be built. New: it was not there; correction: it was wrong; update: it was right
    and is overtaken, or rests on other sources; wording: other words, the same statement.
    """
    import json

    from explainer.editions.compare import compare
    from explainer.editions.diff import both, report

    found = compare(*both(first, second))
    click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1) if as_json else report(found, everything))


@main.command()
@click.option("--edition", "name", help="Edition from report.toml; latest by default.")
@click.option("--as-of", help="Any day, YYYY-MM-DD, instead of a named edition.")
@click.option("--focus", help="Actor code for a brief from its side.")
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="Port; 0 for any.")
def watch(name: str | None, as_of: str | None, focus: str | None, port: int) -> None:
    """Build again on every save; the page in the browser reloads by itself.

    The page is served to this machine only. An error is shown here and the page before stays. Ctrl-C ends it.
    """
    from explainer.author.watch import watch as watch_project
    from explainer.editions.editions import on_its_day, requested

    edition = requested(name, as_of, focus, {})
    on_its_day(edition)
    given = (("--edition", name), ("--as-of", as_of), ("--focus", focus))
    options = [part for option, value in given if value for part in (option, value)]
    watch_project(options, f"reports/{edition.name}/report.html", port, lambda text: click.echo(text, err=True))


@main.command("new-chapter")
@click.argument("name")
def new_chapter(name: str) -> None:
    """Write the scaffold of a chapter, such as 06-what-comes-next; it passes the checks and says what to fill."""
    from explainer.author.chapters import CELLS, write
    from explainer.editions.editions import LATEST, find_edition

    path = write(name, find_edition(LATEST).as_of.isoformat())
    click.echo(path)
    click.echo(f"Fill its cells: {', '.join(cell for cell, _ in CELLS)}. Then: make check, make report.", err=True)


@main.command()
@click.argument("chapter")
@click.argument("cell")
@click.option("--until", required=True, metavar="DAY", help="Last day on which the cell stands, YYYY-MM-DD.")
def retire(chapter: str, cell: str, until: str) -> None:
    """Move an overtaken cell to the notebook of earlier days, with its guards; builds for those days lay it in."""
    from explainer.author.chapters import retire as move
    from explainer.editions.editions import LATEST, find_edition

    click.echo("\n".join(move(chapter, cell, until, find_edition(LATEST).as_of)))


if __name__ == "__main__":
    main()
