# Everything a person or a build machine does with Wordmouth. `make run` and `make test` need
# nothing but Python 3.11 or newer, git and make: the environment is made in .venv from the
# hash-pinned files in requirements/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Each process takes the next test when it is free: the longest come first (tests/harness/selection.py).
PYTEST := $(BIN)/pytest -q -p no:cacheprovider -n 2 --maxschedchunk 1
# mypy asks Django for its models: with the demo's among them, and nothing written to data/.
CHECK_SETTINGS := WORDMOUTH_DEMO=1 WORDMOUTH_DATA=$(VENV)/check-data
SOURCES := src stubs tests bench conftest.py shops/oscar shops/prestashop shops/woocommerce

.PHONY: help env run test test-shops test-vendure test-medusa proof bench bench-compare check format pins browser php clean
.DELETE_ON_ERROR:

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

env: $(VENV)/.ready-dev ## Make .venv with everything for running and developing

run: $(VENV)/.ready-run ## Start the demo: shop, mailbox and engine on one port
	@$(BIN)/wordmouth demo

# Tests start hundreds of programs, each of which would compile itself where nothing may be kept.
test proof: export PYTHONDONTWRITEBYTECODE :=

test: env browser php ## Run every test, on SQLite and on PostgreSQL, with a browser
	@status=0; \
	(cd shops/oscar && ../../$(PYTEST)) || status=1; \
	WORDMOUTH_TEST_DB=sqlite $(PYTEST) || status=1; \
	WORDMOUTH_TEST_DB=postgresql $(PYTEST) --database-tests || status=1; \
	exit $$status

# Real shops of other worlds, too heavy for every run. They are installed once, from lock files with
# hashes and without running anybody's install scripts; our plugin is built beside them.
VENDURE := build/vendure
MEDUSA := build/medusa

test-shops: env test-vendure test-medusa ## Walk a recommendation through real shops, Vendure and Medusa (Node 20 or newer)

test-vendure: env $(VENDURE)/.installed
	@rm -rf $(VENDURE)/src $(VENDURE)/shop $(VENDURE)/tests $(VENDURE)/build
	@cp -R shops/vendure/src shops/vendure/shop shops/vendure/tests shops/vendure/tsconfig*.json \
		$(VENDURE)
	@cd $(VENDURE) && npm run --silent build:all
	@cd $(VENDURE) && npm test --silent
	@status=0; \
	for database in sqlite postgresql; do \
		WORDMOUTH_VENDURE=$(VENDURE) WORDMOUTH_TEST_DB=$$database \
			$(BIN)/pytest -q -p no:cacheprovider tests/vendure || status=1; \
	done; exit $$status

# Medusa keeps what it knows in PostgreSQL alone. It finds a plugin as a package: ours is a link.
test-medusa: env $(MEDUSA)/.installed
	@rm -rf $(MEDUSA)/src $(MEDUSA)/shop $(MEDUSA)/tests $(MEDUSA)/build $(MEDUSA)/.medusa
	@cp -R shops/medusa/src shops/medusa/shop shops/medusa/tests shops/medusa/tsconfig*.json $(MEDUSA)
	@ln -sfn .. $(MEDUSA)/node_modules/medusa-plugin-wordmouth
	@cd $(MEDUSA) && npm run --silent build:all
	@cd $(MEDUSA) && npm test --silent
	@WORDMOUTH_MEDUSA=$(MEDUSA) WORDMOUTH_TEST_DB=postgresql \
		$(BIN)/pytest -q -p no:cacheprovider tests/medusa

$(VENDURE)/.installed: shops/vendure/package.json shops/vendure/package-lock.json
	@command -v npm >/dev/null || { echo "make test-shops needs Node 20 or newer, with npm" >&2; exit 1; }
	@echo "Installing Vendure in $(VENDURE) (once, about a minute)"
	@mkdir -p $(VENDURE)
	@cp $^ shops/vendure/.npmrc $(VENDURE)
	@cd $(VENDURE) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(MEDUSA)/.installed: shops/medusa/package.json shops/medusa/package-lock.json
	@command -v npm >/dev/null || { echo "make test-shops needs Node 20 or newer, with npm" >&2; exit 1; }
	@echo "Installing Medusa in $(MEDUSA) (once, about three minutes and 700 MB)"
# Not `npm ci`: it refuses a lock file that leaves out what other kinds of machines would need.
	@mkdir -p $(MEDUSA)
	@cp $^ shops/medusa/.npmrc $(MEDUSA)
	@cd $(MEDUSA) && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# How much `make proof` proves; less is quicker: make proof HISTORIES=500 ROUNDS=10.
HISTORIES ?= 10000
ROUNDS ?= 200
LIVES ?= 400
PROOF := WORDMOUTH_HISTORIES=$(HISTORIES) WORDMOUTH_ROUNDS=$(ROUNDS) WORDMOUTH_LIVES=$(LIVES) \
	WORDMOUTH_CASES=100000

proof: env ## Prove decisions, rewards and books at length, on both databases (hours)
	@status=0; \
	WORDMOUTH_TEST_DB=sqlite $(PROOF) $(PYTEST) tests/rewards tests/model || status=1; \
	WORDMOUTH_TEST_DB=postgresql $(PROOF) $(PYTEST) --database-tests tests/rewards tests/model \
		|| status=1; \
	exit $$status

# How long `make bench` measures, and how much is there before: make bench PRIOR=100000 CODES=1000000.
given = $(if $(filter command environment,$(firstword $(origin $(1)))),--$(2) $($(1)))
BENCH = $(call given,ROUNDS,rounds) $(call given,SECONDS,seconds) $(call given,PRIOR,prior) \
	$(call given,CODES,codes)

bench: env ## Measure the hot paths against what the machine permits (under ten minutes)
	@$(BIN)/python -m bench $(BENCH)

bench-compare: env ## Measure another revision and this one in turns: make bench-compare REV=main~5
	@$(BIN)/python -m bench --against "$(REV)" $(BENCH)

check: env ## Format, lint, types, floor plan, docs
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(CHECK_SETTINGS) $(BIN)/mypy
	@cd shops/oscar && ../../$(BIN)/mypy wordmouth_oscar
	@$(BIN)/lint-imports --no-cache --no-logo
	@WORDMOUTH_TEST_DB=sqlite $(BIN)/pytest -q -p no:cacheprovider tests/floor_plan tests/docs

format: env ## Write the code in the house style
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

browser: ## Install Chromium for the browser tests where that is possible
	@scripts/install-browser

php: ## Install PHP for the tests of the shops' modules where that is possible
	@scripts/install-php

clean: ## Remove the environment, caches and build products (never data/)
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis src/*.egg-info
	@find src tests bench shops -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. uv installs quickly and is itself installed by pip from a hash-pinned file;
# each stamp names what is done, so that a second run has nothing to do.

PINS := UV_CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	$(if $(UPGRADE),--upgrade)
# Compiled here once: a start would otherwise compile whatever it loads, where it may not keep that.
INSTALL := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
PROJECT := $(INSTALL) --no-deps --no-build-isolation --editable .

$(VENV)/.ready-uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Wordmouth needs Python 3.11 or newer; $(PYTHON) is older." \
		"Name another one: make env PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || scripts/install-venv $(PYTHON)
	@echo "Making the environment in $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		-r requirements/uv.txt
	@touch $@

$(VENV)/.ready-run: $(VENV)/.ready-uv requirements/run.txt pyproject.toml
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(PROJECT)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready-run requirements/dev.txt requirements/data.txt
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@$(INSTALL) --require-hashes --no-deps -r requirements/data.txt
	@touch $@

pins: $(VENV)/.ready-uv ## Compile pyproject.toml into requirements/*.txt (UPGRADE=1: newest versions)
	@$(PINS) --no-deps requirements/uv.in -o requirements/uv.txt
	@$(PINS) pyproject.toml --group build -o requirements/run.txt
	@$(PINS) pyproject.toml --group build --group dev -c requirements/run.txt \
		-o requirements/dev.txt
	@$(PINS) --no-deps requirements/data.in -o requirements/data.txt
