"""The supply side: pinned hashes, no Python promised that is not tried, workflows with the least they need."""

import re
import subprocess
import tomllib

import pytest
import yaml

from explainer.project import ROOT


def test_every_requirement_is_pinned_with_its_hashes():
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        named = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]
        assert named, path.name
        for line in named:
            assert re.match(r"[\w.\[\]-]+==[\w.!+-]+", line) and "--hash=sha256:" in line, f"{path.name}: {line[:60]}"


def test_the_pythons_that_are_promised_are_those_of_the_workflow():
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    tried = re.findall(r'"(3\.\d+)"', (ROOT / ".github/workflows/build.yml").read_text(encoding="utf-8"))
    assert promised == f">={tried[0]}" and tried == ["3.11", "3.12", "3.13"]
    run = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert all(version in run for version in tried)
    assert "PYTHONS: ${{ matrix.python }}" in (ROOT / ".github/workflows/build.yml").read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=False).returncode == 0


@pytest.mark.parametrize("name", ["build", "pages"])
def test_a_workflow_runs_what_is_pinned_with_the_least_it_needs(name):
    told = yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))
    assert told["permissions"] == {"contents": "read"} and "group" in told["concurrency"]
    for job in told["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert set(job.get("permissions", {}).items()) <= {("pages", "write"), ("id-token", "write")}
        used = [step for step in job["steps"] if "uses" in step]
        assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]) for step in used)
        for step in used:
            if step["uses"].startswith("actions/checkout"):
                assert step["with"] == {"persist-credentials": False}


def test_what_is_pinned_is_looked_after():
    told = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))
    looked = {(one["package-ecosystem"], one["directory"]) for one in told["updates"]}
    assert looked == {("pip", "/requirements"), ("github-actions", "/")}
