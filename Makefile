# `make` lists the targets. They write to .venv/ and var/ only.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# With OS_AUTH_URL or OS_CLOUD set, the packages of the embedded cloud aren't needed.
RUN_SET := $(if $(OS_AUTH_URL)$(OS_CLOUD),runtime,devcloud)
# $(call INSTALLED,set) is the stamp file of an installed set: runtime, devcloud or dev.
INSTALLED = $(VENV)/.installed-$(1)
# It depends on what nodes, nginx and the cloud do within the same seconds, and fails now and then.
KILLED_NODE := tests/nodes/test_killed_node.py
COMPILE := pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev test test-quick test-all test-killed-node check seeded-faults load bench screenshots icons lighthouse lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: $(call INSTALLED,$(RUN_SET)) ## Run Diskboard at http://127.0.0.1:8000 (HOST, PORT; OS_AUTH_URL for your cloud)
	@exec $(BIN)/python manage.py run

dev: $(call INSTALLED,dev) ## Like run, but reload on changes and show errors
	@exec $(BIN)/python manage.py run --dev

test: $(call INSTALLED,dev) ## Checks and tests that every change must pass (four minutes)
	@scripts/ensure-chromium $(BIN)/python
	@$(MAKE) --no-print-directory check
	@exec $(BIN)/python -m pytest -n 3

test-quick: check ## Like test, without the embedded cloud and the browser (a minute and a half)
	@exec $(BIN)/python -m pytest -n 3 tests/unit tests/contracts

test-all: test ## Like test, then the slow tests
	@scripts/ensure-servers
	@$(BIN)/python -m tests.on_postgresql
	@exec $(BIN)/python -m pytest -n 3 --profile=full -m "full or sized" --ignore=$(KILLED_NODE)

test-killed-node: $(call INSTALLED,dev) ## Kill a node that deletes (not reliable yet, so not part of test-all)
	@scripts/ensure-chromium $(BIN)/python
	@scripts/ensure-servers
	@exec $(BIN)/python -m pytest -n 0 --profile=full $(KILLED_NODE)

seeded-faults: $(call INSTALLED,dev) ## Break one promise at a time and check that a test fails
	@scripts/ensure-chromium $(BIN)/python
	@exec $(BIN)/python -m tests.seeded_faults $(FAULTS)

check: $(call INSTALLED,dev) ## Check style, imports, types, templates, migrations and deployment settings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	HTTPS=1 TRUSTED_PROXIES=1 SECRET_KEY=$$(head -c 40 /dev/urandom | base64) \
	    $(BIN)/python manage.py check --deploy --fail-level WARNING

load: $(call INSTALLED,dev) ## Load test: a hundred users on the embedded cloud, then a stalled Cinder (two minutes)
	@DJANGO_SETTINGS_MODULE=dashboard.settings $(BIN)/python -m tests.load

bench: $(call INSTALLED,dev) ## Measure what pages cost beside Cinder (a quarter of an hour; BENCH="pages sizes": these parts; PAIRS, BEFORE)
	@scripts/ensure-chromium $(BIN)/python
	@exec env DJANGO_SETTINGS_MODULE=dashboard.settings $(BIN)/python -m tests.bench $(BENCH) $(if $(PAIRS),--pairs=$(PAIRS)) $(if $(BEFORE),--before=$(BEFORE))

screenshots: $(call INSTALLED,dev) ## Take the screenshots for README.md
	@scripts/ensure-chromium $(BIN)/python
	@DJANGO_SETTINGS_MODULE=dashboard.settings $(BIN)/python -m tests.screenshots

icons: $(call INSTALLED,dev) ## Draw static/icons.svg anew
	@DJANGO_SETTINGS_MODULE=dashboard.settings $(BIN)/python -m tests.icons

lighthouse: $(call INSTALLED,dev) tests/lighthouse/node_modules ## Measure Lighthouse scores of the main pages, offline (five minutes; needs Node and Chromium)
	@DJANGO_SETTINGS_MODULE=dashboard.settings $(BIN)/python -m tests.lighthouse

lock: $(VENV)/.uv ## Upgrade the pinned packages within the bounds of pyproject.toml
	$(UV) $(COMPILE) --upgrade pyproject.toml --extra demo --extra redis --group dev -o requirements/dev.txt
	$(UV) $(COMPILE) pyproject.toml -c requirements/dev.txt --extra demo -o requirements/devcloud.txt
	$(UV) $(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/runtime.txt
	$(UV) $(COMPILE) pyproject.toml -c requirements/dev.txt --extra redis -o requirements/image.txt
	echo hatchling | $(UV) $(COMPILE) - -c requirements/dev.txt -o requirements/build.txt
	echo uv | $(UV) $(COMPILE) --upgrade - -o requirements/uv.txt

clean: ## Remove the environment and var/, including the embedded cloud's disks
	rm -rf $(VENV) var tests/lighthouse/node_modules

$(VENV)/.uv: requirements/uv.txt
	@echo "Making a Python environment in $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Diskboard needs Python 3.11 or newer")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.installed-%: requirements/%.txt $(VENV)/.uv
	@echo "Installing the packages of $< (a minute or two the first time) …"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip install --quiet --require-hashes -r $<
	@touch $@

tests/lighthouse/node_modules: tests/lighthouse/package-lock.json
	@npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@
