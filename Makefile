# make help lists the targets. Everything lives in .venv and build/; make clean removes both.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
JOBS ?= auto
FUZZ_SECONDS ?= 300
SOAK ?= 1000
EXTRAS := test,experiments,typst
LOCKED ?=
PYTHONS ?= $(wildcard /usr/bin/python3.1[1-9] $(HOME)/.pyenv/versions/3.1[1-9].*/bin/python)
TESTS := -q -n $(JOBS) -m "not long"

# The tests start Python more than a hundred times: where bytecode is not kept, each of them compiles all again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help test test-floor test-pythons lock book docs corpus bench verify-long mutants fuzz soak kills readme clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*##/  make \1\t/p' Makefile | expand -t 22

$(VENV): $(READY)

# .venv/.ready is younger than pyproject.toml when what it lists is installed.
$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "symgrad needs Python 3.11 or newer, and none is on the PATH." \
		"Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:3]; v >= (3, 11) or sys.exit("symgrad needs Python 3.11 \
	or newer, and $(PYTHON) is %d.%d.%d. Name another: make PYTHON=/path/to/python3.12" % v)'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual" \
		"environments. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@if [ -n "$(LOCKED)" ] && $(BIN)/python -m tests.lock machine && \
		$(PIP) --require-hashes --requirement .ci/lock.txt && \
		$(PIP) --no-deps --no-build-isolation --editable .; \
	then echo "installed what .ci/lock.txt locks"; \
	else echo "installing what pyproject.toml asks for" && $(PIP) --editable '.[$(EXTRAS)]'; fi
	@touch $@

test: $(READY)  ## linters, types, doctests and tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest $(TESTS)

test-floor:  ## the tests with the oldest versions that pyproject.toml promises
	$(PYTHON) -m venv build/floor
	$(PYTHON) -m tests.floors > build/floor/floors.txt
	build/floor/bin/python -m pip install --quiet --constraint build/floor/floors.txt \
		--editable '.[$(EXTRAS),docs,figures,scale,serve,testing]'
	build/floor/bin/python -m pytest $(TESTS)

test-pythons:  ## the tests under every Python from 3.11 on that is here, or PYTHONS="python3.12 ..."
	for python in $(PYTHONS); do \
		venv=build/python-$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		$$python -m venv $$venv && $$venv/bin/python -m pip install --quiet --editable '.[$(EXTRAS)]' && \
		$$venv/bin/python -m pytest $(TESTS) || exit 1; done

lock:  ## write anew what continuous integration installs, on the Python that it has
	$(PYTHON) -m tests.lock

book: $(READY)  ## check every derivation, write build/book/, and audit it
	$(BIN)/symgrad book -o build/book
	$(BIN)/symgrad audit --timeout 30 build/book README.md docs

docs: $(READY)  ## the site of the documentation, build/docs/html, and the man page; a warning is an error
	$(PIP) --editable '.[docs]'
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs/html
	$(BIN)/python -m sphinx -W --keep-going -q -b man docs build/docs/man

corpus: $(READY)  ## derive what textbooks print, and write the score to docs/corpus.md
	$(BIN)/python -m tests.corpus

bench: $(READY)  ## measure the costs of docs/benchmarks.md again
	$(PIP) --editable '.[bench,long,experiments]'
	$(BIN)/python -m tests.benchmarks

verify-long: $(READY)  ## the long campaigns, and gradients against PyTorch and JAX
	$(PIP) --editable '.[long]'
	$(BIN)/python -m pytest -n $(JOBS) -m long

mutants: $(READY)  ## 200 random single mutants of the kernel against the fast tests
	$(BIN)/python -m tests.mutation --number $(or $(MUTANTS),200)

fuzz: $(READY)  ## a coverage-guided fuzzer on equations, notations, derivations, audits, FUZZ_SECONDS each (Linux)
	$(PIP) --editable '.[fuzz]'
	for target in equations notation stored audit; do \
		$(BIN)/python -m tests.fuzz.$$target -max_total_time=$(FUZZ_SECONDS) || exit 1; done

soak: $(READY)  ## SOAK random models and SOAK/10 random claims, kept in build/soak/; after a kill it goes on
	$(BIN)/python -m tests.soak models --number $(SOAK) --workers 2
	$(BIN)/python -m tests.soak claims --number $$(($(SOAK) / 10)) --workers 2

kills: $(READY)  ## kill -9 at KILLS random moments of book, experiment, weave and audit
	$(BIN)/python -m tests.kills --number $(or $(KILLS),200)

readme: $(READY)  ## write the outputs in README and docs/ anew, the errata, the picture, the examples
	$(BIN)/python tests/test_readme.py
	$(BIN)/symgrad catalogue errata --format markdown -o docs/errata.md
	$(BIN)/python docs/picture.py
	cd docs/examples/latex && $(abspath $(BIN))/symgrad weave chapter.tex
	cd docs/examples/typst && $(abspath $(BIN))/symgrad weave residual.typ
	cd docs/examples/notebook && $(abspath $(BIN))/symgrad weave lstm.ipynb

clean:  ## remove .venv, build/ and the caches
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find . -name __pycache__ -prune -exec rm -rf {} +
