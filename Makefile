# `make help` says what there is. Nothing here needs root except installing
# the system's parts for `make test`, which are skipped where that is not allowed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PYTEST_ARGS ?=
# Most tests wait for browsers, servers and clocks: two at a time keep two processors busy.
TEST_WORKERS ?= 2
BENCH_ARGS ?=
fault_tests := tests/faults tests/processes

python_ready := .venv/.ready
node_ready := web/node_modules/.ready
pages := web/dist/manifest.sha256
page_sources := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*')

.PHONY: help setup run demo test check bench bench-faults soak clean locks docs sbom

help: ## Show this
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name words; do printf '  make %-12s %s\n' "$$name" "$$words"; done

setup: $(python_ready) $(pages) ## Install what is needed here, in .venv and web, and build the pages

run: setup ## Serve SafeSpace; SAFESPACE_* variables are honoured (docs/operating.md)
	@exec $(BIN)/safespace serve

demo: setup ## Serve a living room with three members, and print an invite to it
	@exec $(BIN)/safespace demo

test: setup ## Run every check and every test, with real browsers and databases where they can be had
	scripts/system-parts.sh
	$(MAKE) --no-print-directory check
	$(BIN)/pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: setup ## Lint, types, import order and the pages' own tests; no browser, no database
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	npm --prefix web run --silent typecheck
	npm --prefix web run --silent lint
	npm --prefix web run --silent test

bench: setup ## Measure the relay next to what one would install instead, in the same run (bench/README.md)
	scripts/system-parts.sh bench
	PYTHONPATH=tests $(BIN)/python -m bench $(BENCH_ARGS)

bench-faults: setup ## Cut the power, kill, stall, fill the disk, again and again; figures also in bench/faults.json
	scripts/system-parts.sh
	SAFESPACE_CAMPAIGN=full SAFESPACE_FIGURES=bench/faults.json $(BIN)/pytest -m campaign --timeout 5400 $(fault_tests) $(PYTEST_ARGS)

soak: setup ## Run the campaigns (kills, mixed commits, leaks) at full length
	scripts/system-parts.sh
	SAFESPACE_CAMPAIGN=full npm --prefix web run --silent test -- src/room/policy.test.ts
	SAFESPACE_CAMPAIGN=full $(BIN)/pytest -m campaign --timeout 7200 $(PYTEST_ARGS)

clean: ## Remove what was installed and built here; data/ stays
	rm -rf .venv web/node_modules web/dist dist/sbom dist/mls web/src/generated test-results bench/results.json bench/.cache bench/faults.json
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

locks: ## Renew the locked, hashed lists of Python packages (needs uv)
	scripts/lock.sh

sbom: $(python_ready) $(node_ready) ## List every part of the server, the pages and the workbench, in dist/sbom (CycloneDX)
	mkdir -p dist/sbom
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o dist/sbom/server.cdx.json requirements-image.lock
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o dist/sbom/workbench.cdx.json requirements.lock
	npm --prefix web run --silent sbom > dist/sbom/pages.cdx.json

docs: $(python_ready) ## Renew the pages in docs/ that are made from the code
	$(BIN)/python scripts/make_docs.py

$(python_ready): requirements.lock pyproject.toml scripts/python-parts.sh
	scripts/python-parts.sh "$(PYTHON)"
	@touch $@

$(node_ready): web/package.json web/package-lock.json web/.npmrc $(wildcard web/scripts/*)
	cd web && npm ci --include=dev --no-audit --no-fund --no-update-notifier
	cd web && node scripts/patch.mjs
	@touch $@

$(pages): $(node_ready) $(page_sources)
	npm --prefix web run --silent build
