# make help lists what there is. Needs make and some Python from 3.12 on; everything else is installed into .venv.
SHELL := /bin/sh
PYTHON ?=
export PYTHON
bin := .venv/bin
python := $(bin)/python
pip := $(python) -m pip --disable-pip-version-check --quiet

packages := config tenants shared_apps tenant_apps collective
rooms := services selectors permissions tasks
typed = tenants $(shell find shared_apps tenant_apps collective -type f \( $(foreach room,$(rooms),-name $(room).py -o -path '*/$(room)/*.py' -o) -false \))

.DEFAULT_GOAL := help
.PHONY: help run reset test lint format bench install install-test \
  check-form check-code check-templates check-types check-imports

help:  ## list these targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: install  ## start everything: database, demo, web server, jobs (PORT=8000)
	@exec $(python) manage.py run

reset: install  ## delete the embedded database and the demo
	@$(python) manage.py reset

test: install-test  ## everything CI runs: form, types, import contracts, tests, browser journeys
	@deploy/ensure-chromium.sh
	@deploy/ensure-programs.sh
	@$(MAKE) --no-print-directory lint
	@$(python) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder

lint: install-test  ## form of code and templates, types, import contracts
	@$(MAKE) --no-print-directory --keep-going --jobs=2 check-form check-code check-templates check-types check-imports

check-form:
	@$(bin)/ruff format --check --quiet . || { echo "Wrongly formatted: make format"; exit 1; }

check-code:
	@$(bin)/ruff check --quiet .

check-templates:
	@$(bin)/djlint $(packages) templates --check --lint --quiet || { echo "Templates to put in form or to mend: make format, then djlint templates --lint"; exit 1; }

check-types:
	@$(bin)/mypy --no-error-summary $(typed)

check-imports:
	@mkdir -p .run && $(bin)/lint-imports --no-cache >.run/lint-imports.log || { cat .run/lint-imports.log; exit 1; }

format: install-test  ## put code and templates into form
	@$(bin)/ruff check --fix --quiet . ; $(bin)/ruff format --quiet .
	@$(bin)/djlint $(packages) templates --reformat --quiet

bench: install-test  ## the benchmarks, with their ratios
	@TEST_DB=$${TEST_DB:-bench} $(python) -m pytest tests/benchmarks -m benchmark --verbose --no-header

install: .venv/installed  # what the product needs to run
install-test: .venv/installed-test  # what its tests need besides

.venv/bin/python:
	@chosen=$$(deploy/find-python.sh) && echo "Making .venv with $$chosen" && "$$chosen" -m venv --clear .venv

.venv/installed: .venv/bin/python requirements.txt
	@echo "Installing requirements.txt"
	@$(pip) install -r requirements.txt
	@touch $@

.venv/installed-test: .venv/installed requirements-test.txt
	@echo "Installing requirements-test.txt"
	@$(pip) install -r requirements-test.txt
	@touch $@
