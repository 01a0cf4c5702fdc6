# Everything runs in .venv, which `make install` fills from the lock.
PYTHON ?= python3
VENV ?= .venv
BIN ?= $(VENV)/bin
SHARED ?= ../shared

.PHONY: check lint test soak bench install lock pythons readme

check: lint test

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test:
	$(BIN)/pytest

# Fifty months and a year of a simulated arXiv, the bot killed in them, about half an hour; then the
# bot killed around each effect of a life of the desk, ten times the examples of every day, and the
# desk played at random, a quarter of one.
soak:
	$(BIN)/python -m tests.soak
	$(BIN)/pytest -m long
	HYPOTHESIS_PROFILE=wide $(BIN)/pytest -m hypothesis
	DESK_EXAMPLES=100 $(BIN)/pytest -n 0 tests/unit/test_desk_model.py

# What the README quotes; those from the search's quality on want the collections that lie in SHARED.
bench:
	$(BIN)/python -m tests.bench.startup
	$(BIN)/python -m tests.bench.harvest
	$(BIN)/python -m tests.bench.review
	$(BIN)/python -m tests.bench.search_speed
	$(BIN)/python -m tests.bench.search_wire
	$(BIN)/python -m tests.bench.search $(SHARED)/search
	$(BIN)/python -m tests.bench.training $(SHARED)/relevance/stream.jsonl.gz
	$(BIN)/python -m tests.bench.relevance $(SHARED)/relevance/stream.jsonl.gz
	$(BIN)/python -m tests.bench.sections $(SHARED)/lists

install:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --require-hashes -r requirements.lock
	$(BIN)/pip install '.[test]'

# The newest of everything that pyproject.toml allows, for Python 3.11 to 3.13. Needs uv.
lock:
	uv pip compile pyproject.toml --extra postgres --extra test --universal --python-version 3.11 \
		--generate-hashes --upgrade --quiet --no-header --no-emit-index-url --no-emit-find-links \
		--output-file requirements.lock

# The suite on each supported Python that is installed.
pythons:
	for version in 3.11 3.12 3.13; do \
		if python$$version --version; then \
			$(MAKE) install test PYTHON=python$$version VENV=build/python$$version || exit 1; \
		fi; \
	done

# The README's table of commands, from their definitions.
readme:
	$(BIN)/python -m tests.readme
