# Every target makes the virtual environment it needs. Python 3.11 or later is all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DIR ?= tests/vectors
WORKERS ?= 2

.PHONY: clients demo test check lint types vectors bench clean

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

tests/clients/installed: $(VENV)/installed-test tests/clients/package.json tests/clients/requirements.txt
	if command -v node >/dev/null; then \
	  (cd tests/clients && npm install --no-save --no-progress --no-audit --no-fund --loglevel=error) && \
	  $(PYTHON) -m venv tests/clients/.venv && \
	  tests/clients/.venv/bin/pip install --quiet --disable-pip-version-check -r tests/clients/requirements.txt; \
	fi
	touch $@

clients: tests/clients/installed ## the ecosystem's clients, for the tests that connect them; needs Node.js

demo: $(VENV)/installed ## a pool and a token launch, replayed: tables and price charts
	$(BIN)/basilisk replay configs/scripts/ksm-pool.yaml --chart
	$(BIN)/basilisk replay configs/scripts/snek-launch.yaml --chart

test: $(VENV)/installed-test clients ## the whole suite, with lint and types
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

check: lint types

lint: $(VENV)/installed-test
	$(BIN)/ruff check .

types: $(VENV)/installed-test
	$(BIN)/mypy

vectors: $(VENV)/installed-test ## run vectors laid out as tests/vectors: make vectors DIR=…
	$(BIN)/python tests/harness/vectors.py $(DIR)

bench: $(VENV)/installed-test ## every figure the documentation names, as ratios measured in one run
	$(BIN)/python tests/bench/run.py

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
