# One command each. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OLDEST := .venv-oldest
PIP_INSTALL := python -m pip install --quiet --disable-pip-version-check --prefer-binary
# One thread for each process: two learners share two cores.
export OMP_NUM_THREADS ?= 1

.PHONY: help install demo site docs serve test test-long test-oldest check format wheel bench clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: $(STAMP) ## make .venv with pinned versions (every other command does it by itself)

# The stamp is written last: an installation that was cut off is done again.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 10) <= v <= (3, 13) else \
		"walker_env needs Python 3.10 to 3.13, got %d.%d; choose one: make PYTHON=python3.12 ..." % v)'
	@echo "Installing into $(VENV); this happens once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/$(PIP_INSTALL) -c constraints.txt torch==2.13.0
	@$(BIN)/$(PIP_INSTALL) 'pip>=25.1' # the first that knows --group
	@$(BIN)/$(PIP_INSTALL) -c constraints.txt -e '.[all]' --group all
	@touch $@

demo: $(STAMP) ## train two learners for two minutes, rank them, let them race
	@$(BIN)/python -m benchmarks demo

site: $(STAMP) ## build the page with ranking, entries and the race into site/
	@$(BIN)/python -m benchmarks site --out site

docs: $(STAMP) ## build the handbook into handbook/: open handbook/index.html
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet

serve: site ## build the page and show it at http://127.0.0.1:8000
	@$(BIN)/python -m benchmarks serve site

test: $(STAMP) ## the test suite but for its long tests
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal

test-long: $(STAMP) ## sweeps, trainings and everything published once more: some minutes
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m long

# Bounds are written once, in pyproject.toml. Old releases may use what newer ones of others deprecate.
test-oldest: ## the test suite with the oldest versions allowed, in a .venv of its own
	@$(PYTHON) -m venv $(OLDEST)
	@sed -nE 's/^ *"([a-z0-9-]+)(\[.*\])?>=([0-9.]+).*/\1==\3/p' pyproject.toml > $(OLDEST)/constraints.txt
	@$(OLDEST)/bin/$(PIP_INSTALL) -c constraints.txt torch==2.13.0
	@$(OLDEST)/bin/$(PIP_INSTALL) 'pip>=25.1'
	@$(OLDEST)/bin/$(PIP_INSTALL) -c $(OLDEST)/constraints.txt -e '.[all]' --group all
	@$(OLDEST)/bin/python -m pytest -q -n 2 --dist worksteal -W ignore::DeprecationWarning

check: $(STAMP) ## format, lint and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(STAMP) ## format and sort the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

wheel: $(STAMP) ## build the wheel and the source archive into dist/
	@rm -rf build dist
	@$(BIN)/python -m build --no-isolation

bench: $(STAMP) ## environment steps per second
	@$(BIN)/python -m benchmarks throughput

clean: ## remove .venv, what was built, runs and the demo
	@rm -rf $(VENV) $(OLDEST) build dist runs demo site handbook
