# The report's commands. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-input

# What `make report` builds: EDITION=first-answer, AS_OF=2025-12-24, FOCUS=CN, PARAMS="visitor_drop_pct=30"
WHICH = $(if $(EDITION),--edition $(EDITION)) $(if $(AS_OF),--as-of $(AS_OF)) $(if $(FOCUS),--focus $(FOCUS))
BUILD = $(WHICH) $(if $(PARAMS),--param "$(PARAMS)")

.PHONY: help report watch editions site test check lab new-chapter bench data pins clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.report: requirements/setup.txt requirements/report.txt pyproject.toml | $(BIN)/python
	@$(PIP) -r requirements/setup.txt
	@$(PIP) -r requirements/report.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.report
	@$(PIP) -r requirements/test.txt
	@touch $@

$(VENV)/.lab: requirements/lab.txt $(VENV)/.report
	@$(PIP) -r requirements/lab.txt
	@touch $@

report: $(VENV)/.report  ## build the report: reports/latest/report.html, brief.pdf, report.pdf and record.pdf
	@$(BIN)/explainer build $(BUILD)

watch: $(VENV)/.report  ## build on every save; the page in the browser reloads by itself
	@$(BIN)/explainer watch $(WHICH)

editions: $(VENV)/.report  ## build every edition of report.toml, and reports/index.html
	@$(BIN)/explainer build --all

site: editions  ## lay the published editions, index, feed and pictures into site/, for any web server
	@$(BIN)/explainer site

test: $(VENV)/.test  ## run all tests, the committed notebooks among them
	@$(BIN)/ruff check src tests notebooks
	@$(BIN)/ruff format --check --quiet src tests
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests -n 2 --dist worksteal
	@$(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-sanitize-with tests/nbval.cfg -p no:cacheprovider notebooks

check: $(VENV)/.report  ## check evidence and prose; every fault with its place and mend
	@$(BIN)/explainer check

lab: $(VENV)/.lab  ## open JupyterLab on the notebooks
	@JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab --notebook-dir=notebooks

new-chapter: $(VENV)/.report  ## write the scaffold of a chapter: make new-chapter NAME=06-what-comes-next
	@$(if $(NAME),,echo "Say its name: make new-chapter NAME=06-what-comes-next" >&2; exit 2;) $(BIN)/explainer new-chapter $(NAME)

data: $(VENV)/.report  ## write data/README.md and data/datapackage.json from the schema
	@$(BIN)/explainer data

bench: $(VENV)/.report  ## measure; writes benchmarks/results.json
	@$(BIN)/python benchmarks/run.py

pins: $(VENV)/.report  ## pin the requirements anew, one lock for every Python (needs uv)
	@cd requirements && for name in setup report test lab; do \
	  uv pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file $$name.txt $$name.in; done
	@$(BIN)/python tools/conda_environment.py

clean:  ## remove the environment, the cache and editions that are not published
	@rm -rf .venv .venv-* .cache .pytest_cache .ruff_cache .hypothesis notebooks/.ipynb_checkpoints src/*.egg-info
	@find src tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	@find reports figures -mindepth 1 -maxdepth 1 -type d ! -name latest ! -name static -exec rm -rf {} + 2>/dev/null || true
