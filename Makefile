# Two commands do everything: `make demo` runs the main job, `make test` runs lint, types and tests.
# Both set up a virtual environment of the project's own first (once, behind a stamp).
# The README lists the plain commands below these for machines without make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= auto

.PHONY: demo test slow lint types tests scenarios pages gallery benchmark clean

# Exit code 1 is an answer (a design misses what the scenario expects), not a failure.
demo: $(STAMP)
	$(BIN)/ccsim compare scenarios/tiered-or-pooled.yaml -n 20 || [ $$? -eq 1 ]

test: lint types scenarios tests

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

tests: $(STAMP)
	$(BIN)/pytest -n $(JOBS)

# Do the shipped scenarios keep what they expect? Under two minutes on two cores.
scenarios: $(STAMP)
	$(BIN)/ccsim test scenarios/ -n 20 --at-most 80

# What takes longer: coverage studies, long runs against theory.
slow: $(STAMP)
	$(BIN)/pytest -n $(JOBS) -m slow --timeout 1800

# The pages of docs/reference, written from the code; a test fails while one of them is out of date.
pages: $(STAMP)
	$(BIN)/python -m tools.cli_reference > docs/reference/cli.md
	$(BIN)/python -m tools.language_reference > docs/reference/language.md
	$(BIN)/python -m tools.measures_reference docs/reference/measures.md
	$(BIN)/ccsim schema > docs/reference/scenario.schema.json

benchmark: $(STAMP)
	$(BIN)/python benchmarks/helpdesk.py
	$(BIN)/python benchmarks/helpdesk.py --weeks 52 --replications 2
	$(BIN)/python benchmarks/engines.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/threads.py

# The pictures that are committed: results/gallery, and the README's.
gallery: $(STAMP)
	rm -rf results/gallery
	$(BIN)/ccsim plot scenarios/tiered-or-pooled.yaml --kind cost --kind service --out results/gallery/tiered-or-pooled
	$(BIN)/ccsim plot scenarios/blended-or-split.yaml --kind cost --kind service --out results/gallery/blended-or-split
	cp results/gallery/tiered-or-pooled/cost-against-service-phone.png docs/images/designs.png
	$(BIN)/ccsim plot scenarios/tiered-or-pooled.yaml --kind waits --kind backlog --kind flow --kind money --out results/pictures
	cp results/pictures/waits-phone.png docs/images/waits.png
	cp results/pictures/backlog-email.png docs/images/backlog.png
	cp results/pictures/flow-base.png docs/images/flow.png
	cp results/pictures/cost-by-kind.png docs/images/money.png
	rm -r results/pictures

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# `python -m venv` has no pip of its own on some systems (Debian without python3-venv's ensurepip):
# then the system's pip installs into the environment.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("ccsim needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV) || $(PYTHON) -m venv --without-pip --clear $(VENV)
	if $(BIN)/python -m pip --version > /dev/null 2>&1; then \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	else \
	  $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	fi
	touch $(STAMP)
