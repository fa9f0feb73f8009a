# `make demo` and `make test` need Python 3.11 or later, make and a package index. uv is used if it is there.
.DEFAULT_GOAL := help
.PHONY: help demo test lowest newest lint types bench bench-peers pictures docs reference lock wheel clean

VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
# The first Python that is new enough; PYTHON=... names another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo $$name; break; fi; done)

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

demo: $(VENV)/.run ## draft two artifacts from recorded exchanges, review, merge and compare them
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: $(VENV)/.dev ## run the whole suite, network blocked, with lint, types and the floor test
	@$(MAKE) --no-print-directory lint types
	$(BIN)/python -m pytest -n auto

# The suite in an environment of its own: its name, how uv resolves what capdraft needs, what to pass over.
define suite
	uv venv -q --clear --python $(PYTHON) .venv-$(1)
	uv pip compile -q pyproject.toml --all-extras $(2) --python .venv-$(1)/bin/python --no-header \
	  --no-annotate -o .venv-$(1)/needs.txt
	uv pip install -q --upgrade --python .venv-$(1)/bin/python -c .venv-$(1)/needs.txt --group dev -e '.[all]'
	.venv-$(1)/bin/python -m pytest -n auto $(3)
endef

# An older pydantic words some JSON Schemas otherwise: docs/reference is made with the locked one.
lowest: ## the suite with the oldest dependencies that pyproject.toml allows (needs uv, Python 3.11)
	$(call suite,lowest,--resolution lowest-direct,--deselect tests/test_docs_site.py::test_the_reference_is_what_the_code_gives)

newest: ## the suite with the newest dependencies that pyproject.toml allows (needs uv)
	$(call suite,newest,--upgrade,)

lint: $(VENV)/.dev ## ruff and the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports

types: $(VENV)/.dev ## the strict type checker
	$(BIN)/mypy

bench: $(VENV)/.dev ## measure start-up, reading, quotes and throughput; ratios of one run
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/quotes.py
	$(BIN)/python -m benchmarks.throughput

pictures: $(VENV)/.dev ## make the pictures of the review desk in docs/ anew (needs Chromium)
	$(BIN)/python docs/pictures.py

docs: $(VENV)/.dev ## build the documentation site in .docs/, and fail on a dead link
	$(BIN)/python docs/reference.py --check
	$(BIN)/python docs/building.py

reference: $(VENV)/.dev ## make docs/reference anew from the code
	$(BIN)/python docs/reference.py

bench-peers: $(VENV)/.dev ## capdraft beside its peers, each in an environment of its own
	$(BIN)/python -m benchmarks.throughput --peers

wheel: $(VENV)/.dev ## build dist/*.whl and dist/*.tar.gz
	rm -rf dist
	$(BIN)/python -m hatchling build

# The extras in the image: all but those that bring numpy.
IMAGE := docx html hub mcp notebooks pdf rst web

lock: ## write requirements*.lock anew (needs uv)
	uv pip compile -q pyproject.toml --extra web --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --upgrade -o requirements.lock
	uv pip compile -q pyproject.toml $(IMAGE:%=--extra %) --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade -o requirements-image.lock
	uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --upgrade -o requirements-dev.lock

clean: ## remove what was built and installed
	rm -rf $(VENV) .venv-lowest .venv-newest .benchmarks .demo .docs dist .mypy_cache .ruff_cache .hypothesis

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "capdraft needs Python 3.11 or later: install one, or make PYTHON=/path/to/python"; exit 1; }
	@echo "making $(VENV) with $(PYTHON)"
ifneq ($(UV),)
	@$(UV) venv -q --allow-existing --python $(PYTHON) $(VENV)
else
	@$(PYTHON) -m venv $(VENV)
endif

ifneq ($(UV),)
PIP = $(UV) pip install -q --python $(BIN)/python
else
PIP = $(BIN)/python -m pip install -qq --disable-pip-version-check
endif

# What the lock file names, checked by hash; then the project itself, editable.
define install
@echo "installing from $(1)"
@$(PIP) -r $(1)
@$(PIP) --no-deps -e .
@touch $@
endef

$(VENV)/.run: $(VENV)/pyvenv.cfg pyproject.toml requirements.lock
	$(call install,requirements.lock)

$(VENV)/.dev: $(VENV)/pyvenv.cfg pyproject.toml requirements-dev.lock
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.run
