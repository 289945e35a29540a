# Needs Python 3.11 or newer, pip and make. Every target creates what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
WORKERS ?= 3
UPGRADE ?=
KILLS ?= 300
FUZZ_SEED ?= $(shell date +%s)
FUZZ_EXAMPLES ?= 5000
AT ?= 2027-03-28T00:30

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test busy late date torture fuzz audit pictures bench understanding lint format requirements wheel clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## create or update the environment in .venv
	@echo "$(VENV) is ready"

# The stamp holds the folder it was made in: an environment cannot be moved, so a copied checkout creates its own.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

# Where Python has no ensurepip (Debian without python3-venv), the system's pip fills the environment.
$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@rm -f $@
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV)
	@pip="$(BIN)/python -m pip"; $$pip --version >/dev/null 2>&1 || pip="$(PYTHON) -m pip --python $(BIN)/python"; \
		set -ex; \
		$$pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt; \
		$$pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "$(CURDIR)" > $@

demo: $(READY) ## try the bot in the browser, without a Slack workspace
	@$(BIN)/amazon-token demo

# Hundreds of processes are started; where PYTHONDONTWRITEBYTECODE is set, each would compile everything again.
test: lint ## run everything that CI checks: style, types, imports, tests, coverage
	@$(BIN)/python -m compileall -q bot conversations tests
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term --durations=25

busy: $(READY) ## run the same while another process keeps one core busy, to find tests that depend on time
	@$(BIN)/python -m tests.busy_core -- $(MAKE) test

late: $(READY) ## run what happens at the sandbox while its answers are late, to find tests that look too early
	@$(BIN)/pytest -n $(WORKERS) -p tests.late_answers -m "not long" tests/stories tests/faults

date: $(READY) ## run the same as if it were AT (UTC), to find tests that depend on the date or the hour
	@$(BIN)/python -m tests.other_date $(AT) -- $(MAKE) test

torture: $(READY) ## kill the bot KILLS times, at every crash point, and count what is lost or doubled; STORE=postgres
ifeq ($(STORE),postgres)
	@$(BIN)/python -m tests.faults.torture_postgres --kills $(KILLS)
else
	@$(BIN)/python -m tests.faults.torture --kills $(KILLS)
	@KILL_EVERYWHERE=1 $(BIN)/pytest -q -p no:cacheprovider tests/faults/test_desk_kills.py
endif

fuzz: $(READY) ## send FUZZ_EXAMPLES random requests of each kind; FUZZ_SEED repeats a run
	@FUZZ_SEED=$(FUZZ_SEED) FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) $(BIN)/pytest -q --timeout 3600 tests/fuzz

audit: $(READY) ## check the pinned packages for known vulnerabilities; skipped without a network
	@$(BIN)/python -m tests.audit

pictures: $(READY) ## retake the screenshots in docs/pictures (needs Chromium)
	@$(BIN)/python -m tests.browser.pictures

bench: $(READY) ## measure one step end to end against the bare minimum, and the bot under load; STORE=postgres
	@$(BIN)/python -m tests.bench$(if $(filter postgres,$(STORE)),.over_postgres)

understanding: $(READY) ## measure how well questions are understood; DETAILS=1 lists what came out wrong, FIT=1 fits the weights
	@$(BIN)/python -m tests.understanding $(if $(DETAILS),--details) $(if $(FIT),--fit)

lint: $(READY) ## run ruff, mypy and import-linter
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY) ## fix what ruff can fix, and format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

COMPILE = CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile --quiet --no-strip-extras --allow-unsafe \
	--generate-hashes --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
requirements: $(READY) ## update the pinned packages after a change in pyproject.toml; UPGRADE=1 takes the newest
	$(COMPILE) --extra dev --build-deps-for editable $(if $(UPGRADE),--upgrade) --output-file requirements/dev.txt pyproject.toml
	$(COMPILE) --extra postgres --build-deps-for wheel --constraint requirements/dev.txt --upgrade --output-file requirements/run.txt pyproject.toml

# Files that an earlier build left in build/ would end up in this wheel.
wheel: $(READY) ## build the wheel into dist/
	@rm -rf build
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove the environment and everything that tools have created
	@rm -rf $(VENV) build dist *.egg-info .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache screenshots
	@find bot conversations tests -name __pycache__ -type d -prune -exec rm -rf {} +
