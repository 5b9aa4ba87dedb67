# The commands of this project; `make` alone lists them. Stamp files make a second run quick.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PIP := .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off
# Whatever takes a while says how far it is: a bar, or a line every few seconds where nobody looks at a terminal.
BAR := .venv/bin/python scripts/bar.py
VENV := .venv/.stamp-venv
RUNTIME := .venv/.stamp-runtime
PACKAGE := .venv/.stamp-package
FRONT := checkin_server/shared/static/vendor/.stamp
DEV := .venv/.stamp-dev
NODE_DEV := node_modules/.stamp-dev

# What was compiled once is kept, also where the machine says otherwise: else each of the tests' processes compiles what
# pytest rewrites of its plugins, for a second of the processor.
unexport PYTHONDONTWRITEBYTECODE

# Extra words for a command: make run ARGS="--port 8000 --members 500"; make test ARGS="-k kiosk"
ARGS ?=

.PHONY: help setup run test mutate check lint types mypy tsc imports catalogues node audit system bench release lock format screenshots pictures clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS=$$'\t' read -r name what; do \
	    printf '  make %-12s %s\n' "$$name" "$$what"; done

setup: $(RUNTIME) $(PACKAGE) $(FRONT) ## make .venv, with riwaq in it, and the screens' libraries, from lock files

run: setup ## start the demo venue; ARGS="--port 8000 --members 500"
	@exec .venv/bin/riwaq demo $(ARGS)

# ---- setting up ------------------------------------------------------------------------------------------------------

# A stamp, not .venv/bin/python: that one is there already when the making of .venv was interrupted.
$(VENV):
	@python=$$(scripts/find_python.sh); "$$python" scripts/bar.py "Making .venv" "$$python" -m venv --clear .venv
	@touch $@

$(RUNTIME): requirements.lock | $(VENV)
	@$(BAR) --of requirements.lock "Installing what Riwaq runs on" $(PIP) --require-hashes -r requirements.lock
	@touch $@

# Without build isolation: setuptools is in the lock file, so nothing comes from outside it.
$(PACKAGE): setup.cfg pyproject.toml requirements.in checkin_server/__init__.py $(RUNTIME)
	@$(BAR) "Installing riwaq itself" $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

NPM_CI = npm=$$(scripts/find_npm.sh); $(BAR) "$(1)" "$$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error

node_modules/.stamp: package.json package-lock.json .npmrc requirements-node.lock | $(PACKAGE)
	@$(call NPM_CI,Installing the screens' libraries) --omit=dev
	@touch $@

# What checks the scripts weighs more than all the libraries: a venue's machine does without it. `npm ci` empties the
# folder, so the first stamp is set again too.
$(NODE_DEV): package.json package-lock.json .npmrc requirements-node.lock | node_modules/.stamp
	@$(call NPM_CI,Installing what checks the screens' scripts)
	@touch node_modules/.stamp $@

$(FRONT): scripts/build_front.py scripts/icons.txt node_modules/.stamp | $(PACKAGE)
	@$(BAR) "Laying out fonts, pictograms and libraries" .venv/bin/python scripts/build_front.py

# After the rest: two pips in one .venv at the same time (make -j) would trip over each other.
$(DEV): requirements-dev.lock $(RUNTIME) | $(PACKAGE) $(FRONT) $(NODE_DEV)
	@$(BAR) --of requirements-dev.lock "Installing what the tests need" $(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

system: ## Chromium and PostgreSQL for the tests: installed on Debian by root, else named
	@scripts/system_packages.sh

# ---- checking --------------------------------------------------------------------------------------------------------

# Beside each other, on all cores; each says its part when it has ended.
check: setup $(DEV) $(NODE_DEV) ## the checks that are quick: style, types, contracts, translations, scripts
	@$(MAKE) --no-print-directory --jobs $$(nproc) --output-sync=target mypy tsc lint imports catalogues node

# Tools of npm are run with our own choice of node, never by their first line.
NODE = node=$$(scripts/find_node.sh); "$$node"
BIOME := node_modules/@biomejs/biome/bin/biome
TSC := node_modules/typescript/bin/tsc

lint: $(DEV) $(NODE_DEV) ## style of Python, scripts and style sheets
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(NODE) $(BIOME) check --error-on-warnings .

types: mypy tsc ## mypy, tsc, and whether types/api.d.ts is that of the API

mypy: setup $(DEV)
	.venv/bin/mypy

tsc: setup $(DEV) $(NODE_DEV)
	.venv/bin/python -m scripts.api_types --check
	$(NODE) $(TSC) --project .
	$(NODE) $(TSC) --project tests/js

imports: setup $(DEV) ## who may import whom
	.venv/bin/lint-imports

catalogues: setup $(DEV) ## the words in four languages
	.venv/bin/python -m checkin_server.translations.check

node: $(NODE_DEV) ## the rules of the screens' scripts, in node and without a browser
	$(NODE) --import ./tests/js/by_address.js --test tests/js/*.test.js

# Tests in three speeds. The order is the same each time; tests of one file run in one process, one after the other.
.PHONY: quick faults shuffle coverage
# Files are taken as they stand, not those of many tests first: the dearest have few, and came last, on one core.
PYTEST := .venv/bin/python -m pytest --dist loadfile --no-loadscope-reorder --numprocesses
QUICK := tests/domain tests/services tests/settings tests/translations tests/db

# Hardly one of them waits: a process more than there are cores, as each collects them all for itself.
quick: setup $(DEV) check ## a minute: the quick checks, the rules, the services on the embedded database
	$(PYTEST) $$(($$(nproc) + 1)) $(QUICK) -m "not (e2e or postgres or programs or faults)" $(ARGS)

test: setup $(DEV) system check ## everything: the quick checks and all tests; ARGS="-k kiosk" for some
	$(PYTEST) auto $(ARGS)

# What a test draws by is printed: SEED= plays it again.
faults: setup $(DEV) system ## the long tests, whole, as long as you like: ONLY=storm N=1000 SEED=7
	$(PYTEST) auto -m faults --faults --timeout 0 -o faulthandler_timeout=0 --faults-seed $(or $(SEED),$$RANDOM) \
	    $(if $(N),--faults-count $(N)) $(if $(ONLY),-k "$(ONLY)") $(ARGS)

shuffle: setup $(DEV) system ## all tests in random order, to find those that lean on others; SEED=7 plays one again
	@seed=$(or $(SEED),$$RANDOM); echo "make shuffle SEED=$$seed"; \
	    $(PYTEST) auto --random-order --random-order-seed=$$seed $(ARGS)

COUNTED := $(CURDIR)/build/coverage

coverage: setup $(DEV) $(NODE_DEV) system ## how much of the Python and of the screens' scripts all tests run; it has a floor
	@rm -rf $(COUNTED); mkdir -p $(COUNTED)
	@NODE_V8_COVERAGE=$(COUNTED)/scripts $(MAKE) --no-print-directory node
	@COVERAGE_FILE=$(COUNTED)/python RIWAQ_SCRIPT_COVERAGE=$(COUNTED)/scripts \
	    .venv/bin/python -m coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)
	@.venv/bin/python -m scripts.coverage_report $(COUNTED)

# The seed of the ten that are drawn; another one each time unless it is given.
mutate: setup $(DEV) $(NODE_DEV) ## break rules one by one: does a test notice? SEED=7 draws the same ten again
	.venv/bin/python -m tests.mutations $(if $(SEED),--seed $(SEED)) $(ARGS)

audit: setup $(DEV) ## unsafe places, licences, bills of materials; known faults where their data can be reached
	@.venv/bin/python -m scripts.audit

bench: setup $(DEV) ## measure: ratios of one run; AGAINST=rev runs that commit and this one in turns, five times
	.venv/bin/python -m tests.bench$(if $(AGAINST),.against $(AGAINST)) $(ARGS)

# ---- working on it ---------------------------------------------------------------------------------------------------

format: $(DEV) $(NODE_DEV) ## put every file into the house's style
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	$(NODE) $(BIOME) check --write .

release: ## one command for a version: number, CHANGELOG entry, commit, tag; VERSION=0.2.0
	@$$(scripts/find_python.sh) scripts/release.py $(VERSION)

lock: $(DEV) ## pin all dependencies again; ARGS=--upgrade for the newest ones
	scripts/lock.sh $(ARGS)

screenshots: setup $(DEV) system ## draw each screen at its size, for the README
	.venv/bin/python -m scripts.screenshots

pictures: setup $(DEV) system ## draw the pictures again that the screens' parts are compared with
	.venv/bin/python -m tests.screens.pictures

clean: ## remove what was built or installed here (never a demo's or a venue's data)
	rm -rf .venv node_modules build *.egg-info checkin_server/shared/static/vendor
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
