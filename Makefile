# `make` lists what there is. Everything lives in .venv and, for the programs of the real tests, in $COMPLIANCE_TOOLS
# (~/.cache/compliance-tools); `make clean` removes the first.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
export UV_COMPILE_BYTECODE := 1
# Tests start our commands hundreds of times; each would compile all of our code anew.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
TOOLS := $(BIN)/python tests/real/tools/install.py
WITH_TOOLS = export PATH="$$($(TOOLS) --path):$$PATH";
SCRIPTS := bench tests/conftest.py tests/corpora tests/real/tools tests/support
CHECKS := lint types imports rules-check
# One worker more than cores: real tests wait for other programs a third of their time.
WORKERS = $$(($$(getconf _NPROCESSORS_ONLN) + 1))
LOCK := --quiet --universal --generate-hashes --no-emit-index-url --no-header

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# ---------------------------------------------------------------- environment

$(VENV)/.build: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name it with PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.runtime: $(VENV)/.build requirements/runtime.txt pyproject.toml
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: setup
setup: $(VENV)/.dev ## make .venv with the locked versions of everything

.PHONY: tools
tools: setup ## build the programs that the real tests need, once
	@$(TOOLS) || { test "$${CI:-}" != true && echo "tests that need what is missing will be skipped" >&2; }

.PHONY: clean
clean: ## remove the environment and what was built
	@rm -rf $(VENV) dist build .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# ---------------------------------------------------------------- use

.PHONY: demo
demo: $(VENV)/.runtime ## judge the example system
	@bash examples/demo.sh $(BIN)/compliance

.PHONY: rules
rules: tools ## write what is generated from the rules: rules/compiled and their pages
	@$(WITH_TOOLS) $(BIN)/compliance rules docs
	@$(WITH_TOOLS) $(BIN)/compliance rules build

.PHONY: readme
readme: setup ## write what the commands print into README.md
	@UPDATE_README=1 $(BIN)/pytest -n0 -q tests/test_readme.py

# ---------------------------------------------------------------- checks

.PHONY: test
test: setup ## everything that must hold: checks first, then all tests
	@$(MAKE) --jobs=2 --output-sync=target $(CHECKS) tools
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup --cov

.PHONY: test-fast
test-fast: setup ## the tests that need no other program
	@$(BIN)/pytest -n auto -m "not real"

.PHONY: lint
lint: setup
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet || { $(BIN)/ruff format --diff --quiet; exit 1; }

.PHONY: types
types: setup
	@$(BIN)/mypy
	@$(BIN)/mypy $(SCRIPTS)
	@$(BIN)/mypy tests/real/conftest.py

.PHONY: imports
imports: setup
	@$(BIN)/lint-imports --no-logo 2>&1 | grep -v ' KEPT'

.PHONY: rules-check
rules-check: tools
	@$(WITH_TOOLS) command -v opa >/dev/null || { echo "opa is missing: rules go unchecked" >&2; test "$${CI:-}" != true; exit; }; \
	for step in check test "docs --check" "build --check"; do $(BIN)/compliance rules $$step; done

.PHONY: bench
bench: setup ## time what the README claims; prints, never fails
	@$(WITH_TOOLS) $(BIN)/python bench/run.py

# ---------------------------------------------------------------- locked versions

.PHONY: lock
lock: $(VENV)/.build ## write requirements/ anew for pyproject.toml, keeping versions that still fit (UPGRADE=1 takes the newest)
	@$(call lock,requirements,$(if $(UPGRADE),--upgrade))

.PHONY: lock-check
lock-check: $(VENV)/.build ## fail when requirements/ no longer fits pyproject.toml
	@rm -rf build/lock && mkdir -p build/lock && cp requirements/*.txt build/lock/
	@$(call lock,build/lock)
	@for name in build runtime dev; do \
	  diff <(grep -E '^[^ #]' requirements/$$name.txt) <(grep -E '^[^ #]' build/lock/$$name.txt) || \
	  { echo "requirements/$$name.txt does not fit pyproject.toml: run make lock" >&2; exit 1; }; done

define lock
$(UV) pip compile $(LOCK) $(2) pyproject.toml --all-extras --group dev --group build --output-file $(1)/dev.txt
$(UV) pip compile $(LOCK) $(2) pyproject.toml --constraints $(1)/dev.txt --no-annotate --output-file $(1)/runtime.txt
$(UV) pip compile $(LOCK) $(2) --group pyproject.toml:build --constraints $(1)/dev.txt --no-annotate --output-file $(1)/build.txt
endef
