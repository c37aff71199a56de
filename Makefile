# Everything a newcomer needs; each target sets up what it needs first.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
DEV := $(VENV)/dev.stamp
LEAN := $(VENV)/run.stamp

.PHONY: help demo test check format bench setup clean

help:            ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: $(LEAN)    ## play a dispatch week: no token, no server
	$(RUN) bot.py demo

test: $(DEV)     ## the tests
	$(RUN) -m pytest -n auto

check: $(DEV)    ## format, lint, types, import contracts
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(DEV)   ## put the code into form
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(DEV)    ## ratios against peers, in one run; see docs/benchmarks.md
	$(RUN) -m benches

setup: $(DEV)    ## the virtual environment, from the hash-pinned locks

clean:           ## forget the virtual environment and what was made
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed (apt install python3)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "apt install python3-venv, then again"; exit 1; }

$(LEAN): requirements.lock | $(VENV)/bin/python
	$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock | $(VENV)/bin/python
	$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(LEAN)
