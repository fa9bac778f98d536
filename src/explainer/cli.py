"""The command line: ``explainer build | check``."""

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


def _parameters(text: tuple[str, ...]) -> dict[str, Any]:
    """Read ``name=value`` pairs; numbers become numbers."""
    values: dict[str, Any] = {}
    for pair in (p for t in text for p in t.split()):
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise ParameterError(f"{pair!r}: write parameters as name=value")
        values[name] = float(value) if value.replace(".", "", 1).lstrip("-").isdigit() else value
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


if __name__ == "__main__":
    main()
