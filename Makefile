# The doors of Diskboard: `make` lists them. Everything they write is under .venv/ and var/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# With a cloud of one's own the embedded one's packages are not needed.
RUN_SET := $(if $(OS_AUTH_URL),runtime,devcloud)
# A smaller set is part of every bigger one: what is there is enough.
INSTALLED = $(VENV)/.installed-$(1)
COMPILE := pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev test test-quick test-all check seeded-faults load screenshots lighthouse lock clean

help: ## List what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: $(call INSTALLED,$(RUN_SET)) ## Run Diskboard at http://127.0.0.1:8000 (HOST, PORT; OS_AUTH_URL for your cloud)
	@exec $(BIN)/python manage.py run

dev: $(call INSTALLED,dev) ## The same, reloading on changes, with errors shown
	@exec $(BIN)/python manage.py run --dev

test: $(call INSTALLED,dev) ## Check and test: what every change has to pass (five minutes)
	@scripts/ensure-chromium $(BIN)/python
	@$(MAKE) --no-print-directory check
	@exec $(BIN)/python -m pytest -n 3

test-quick: check ## The same without the embedded cloud and the browser (a minute)
	@exec $(BIN)/python -m pytest -n 3 tests/unit tests/contracts

test-all: test ## The same, and after it whatever takes longer
	@exec $(BIN)/python -m pytest -n 3 --profile=full -m "full or sized"

seeded-faults: $(call INSTALLED,dev) ## Break one promise after the other, and see whether the tests notice
	@scripts/ensure-chromium $(BIN)/python
	@exec $(BIN)/python -m tests.seeded_faults $(FAULTS)

check: $(call INSTALLED,dev) ## Style, imports, types, templates, migrations, deployment settings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy
	find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python manage.py makemigrations --check --dry-run
	HTTPS=1 SECRET_KEY=$$(head -c 40 /dev/urandom | base64) \
	    $(BIN)/python manage.py check --deploy --fail-level WARNING

load: $(call INSTALLED,dev) ## A hundred people at once on the embedded cloud, and a stalled Cinder (two minutes)
	@DJANGO_SETTINGS_MODULE=dashboard.settings $(BIN)/python -m tests.load

screenshots: $(call INSTALLED,dev) ## Take the README's pictures
	@scripts/ensure-chromium $(BIN)/python
	@DJANGO_SETTINGS_MODULE=dashboard.settings $(BIN)/python -m tests.screenshots

lighthouse: $(call INSTALLED,dev) tests/lighthouse/node_modules ## Lighthouse's scores of the main pages, offline (five minutes; needs Node and Chromium)
	@DJANGO_SETTINGS_MODULE=dashboard.settings $(BIN)/python -m tests.lighthouse

lock: $(VENV)/.uv ## Choose new versions of the packages, within the bounds of pyproject.toml
	$(UV) $(COMPILE) --upgrade pyproject.toml --extra devcloud --group dev -o requirements/dev.txt
	$(UV) $(COMPILE) pyproject.toml -c requirements/dev.txt --extra devcloud -o requirements/devcloud.txt
	$(UV) $(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/runtime.txt
	echo uv | $(UV) $(COMPILE) --upgrade - -o requirements/uv.txt

clean: ## Remove the environment and everything kept in var/, the embedded cloud's disks too
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
