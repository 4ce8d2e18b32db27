# The commands of this project. `make` alone lists them.
#
# Everything is installed under .venv and var; nothing outside this folder is touched.

MAKEFLAGS += --no-builtin-rules --no-print-directory --warn-undefined-variables
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

BIN := .venv/bin
INSTALLED := .venv/installed
ROUTING := var/routing-servers
LOCK := UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --universal \
	--generate-hashes --no-emit-index-url --no-emit-find-links

# The first Python here that is new enough and can make an environment.
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13; do \
	$$name -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)' 2>/dev/null \
	&& echo $$name && break; done)

# What is compiled is kept: without it each worker of a test run compiles all tests anew.
unexport PYTHONDONTWRITEBYTECODE

SETS ?=
ARGS ?=

.PHONY: help run plan test proofs check bench growth warm setup routing-servers lint types imports docs lock clean

help:  ## List these commands
	@awk -F ':.*##' '/^[a-z-]+:.*##/ { printf "make %-16s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup warm  ## Serve the demo city: database, server, worker; prints address and logins; Ctrl-C ends
	DISPATCH_TRAVEL=$${DISPATCH_TRAVEL:-gothenburg} $(BIN)/dispatch serve --demo $(ARGS)

plan: setup  ## Optimise a day of the demo city; print the summary and the report's path
	$(BIN)/dispatch run

# Two for each core, up to four cores: half of the time a test waits for a database or a server.
test: setup routing-servers warm  ## Run every test, on up to four cores; ARGS="-k name" chooses
	$(BIN)/python -m pytest $(ARGS) \
		--numprocesses $$($(BIN)/python -c 'import os; print(2 * min(4, os.cpu_count() or 1))')

proofs: setup warm  ## Prove the record at full size, hours: claims, kills, actions, the simulation
	DISPATCH_PROOF=full $(BIN)/python -m pytest tests/proofs tests/api/test_poison.py \
		-o faulthandler_timeout=0 --numprocesses 2 $(ARGS)

check: lint types imports docs test  ## All that a change must pass

bench: setup  ## Measure, ten minutes: make bench SETS="folder ..."; one by one: dispatch bench
	$(BIN)/python data/benchmarks/measure.py short $(SETS) $(ARGS) --anew

growth: setup  ## Measure days of 1,000 to 10,000 jobs, a quarter of an hour: figures and plot
	$(BIN)/python data/growth/measure.py $(ARGS)

warm: setup  ## Compile the solver's kernels, once, so that no time limit pays for it
	@$(BIN)/dispatch warm

setup: $(INSTALLED)  ## Install the locked requirements and the package into .venv

routing-servers: $(ROUTING)/.installed  ## Fetch the routing servers that the travel tests run

lint: setup  ## Style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup  ## Types, by two checkers
	$(BIN)/mypy
	$(BIN)/ty check

imports: setup  ## The import layers
	$(BIN)/lint-imports

docs: setup  ## Build the documentation; a warning is an error
	$(BIN)/sphinx-build -W --keep-going -q docs docs/_build/html
	@echo "Documentation: docs/_build/html/index.html"

lock: setup  ## Resolve the requirements again; ARGS=--upgrade takes the newest
	$(LOCK) pyproject.toml --all-extras --group dev --python-version 3.11 $(ARGS) \
		-o requirements.lock
	$(LOCK) --group routing-servers --no-deps --only-binary :all: --python-version 3.12 $(ARGS) \
		-o requirements-routing.lock

clean:  ## Remove what the other commands made
	rm -rf .venv var build dist docs/_build .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer with venv and pip is missing (on Debian:' \
		'python3.11 and python3.11-venv). Install it, or name it: make PYTHON=/path/to/python' >&2; exit 1; }
	$(PYTHON) -m venv .venv

# uv installs the hashed requirements in seconds; pip fetches uv, as the lock has it.
$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	@$(BIN)/python -m pip --version >/dev/null || { echo 'pip is missing in .venv: make clean' >&2; exit 1; }
	awk '/^uv==/,/# via/' requirements.lock | $(BIN)/python -m pip install --quiet \
		--disable-pip-version-check --require-hashes -r /dev/stdin
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# Only the servers' binaries are used, so their Python is theirs, not ours.
$(ROUTING)/.installed: requirements-routing.lock | $(INSTALLED)
	$(BIN)/uv pip install --quiet --target $(ROUTING) --python-version 3.12 --no-deps \
		--only-binary :all: --require-hashes -r requirements-routing.lock
	@touch $@
