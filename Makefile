# make help lists what there is. Needs make and some Python from 3.12 on; everything else is installed into .venv.
SHELL := /bin/sh
PYTHON ?=
export PYTHON
python := .venv/bin/python
pip := $(python) -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run reset test lint bench install install-test

help:  ## list these targets
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: install  ## start everything: database, demo, web server, jobs (PORT=8000)
	@exec $(python) manage.py run

reset: install  ## delete the embedded database and the demo
	@$(python) manage.py reset

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
