# Two commands do everything: `make demo` runs the main job, `make test` runs lint, types and tests.
# Both set up a virtual environment of the project's own first (once, behind a stamp).
# The README lists the plain commands below these for machines without make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= auto
OLDEST_NUMBA := 0.61
OLD := .venv-numba-$(OLDEST_NUMBA)

.PHONY: demo test slow lint types tests scenarios oldest-numba pages gallery benchmark clean

# Exit code 1 is an answer (a design misses what the scenario expects), not a failure.
demo: $(STAMP)
	$(BIN)/ccsim compare scenarios/blended-or-split.yaml -n 60 || [ $$? -eq 1 ]

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

# Are the engines equal with the oldest Numba that is allowed, linked as a whole and compiled as
# Numba does by itself? An environment of its own, some two minutes. That Numba ends at Python 3.13.
oldest-numba: $(OLD)/.installed
	$(OLD)/bin/python -m pytest tests/twin/test_untried_numba.py tests/twin/test_equality.py \
	  -k 'plain_way or version_at_hand or that_cover_every_feature or random_crowds or nearly_nothing'

# The pages of docs/reference, written from the code; a test fails while one of them is out of date.
pages: $(STAMP)
	$(BIN)/python -m tools.cli_reference > docs/reference/cli.md
	$(BIN)/python -m tools.language_reference > docs/reference/language.md
	$(BIN)/python -m tools.measures_reference docs/reference/measures.md
	$(BIN)/ccsim schema > docs/reference/scenario.schema.json
	$(BIN)/ccsim schema --of-answer > docs/reference/answer.schema.json

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
	rm -rf $(VENV) $(OLD) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Makes the environment $(1) and installs $(2) there. `python -m venv` has no pip of its own on some
# systems (Debian without python3-venv's ensurepip): then the system's pip installs into it.
define environment
	$(PYTHON) -m venv $(1) || $(PYTHON) -m venv --without-pip --clear $(1)
	if $(1)/bin/python -m pip --version > /dev/null 2>&1; then \
	  $(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2); \
	else \
	  $(PYTHON) -m pip --python $(1)/bin/python install --quiet --disable-pip-version-check $(2); \
	fi
endef

$(OLD)/.installed: pyproject.toml
	$(call environment,$(OLD),-e . 'numba==$(OLDEST_NUMBA).*' pytest pytest-timeout hypothesis)
	touch $@

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("ccsim needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(call environment,$(VENV),-c constraints.txt -e '.[dev]')
	touch $@
