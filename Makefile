# `make` lists what there is to do. `make run` and `make test` set up everything they need.
.DEFAULT_GOAL := help
SHELL := /bin/bash
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
PORTAL := .venv/bin/portal
PYTHON := .venv/bin/python

.PHONY: help run test bench-search bench-profile bench-http bench-sign-in bench-quality \
	bench-editors bench-alerts bench-report-files lint format types lock vendor fonts \
	index-sync index-verify index-rebuild clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set up on first use, then serve on http://127.0.0.1:8000 (HOST= PORT= WORKERS=)
	@requirements/install.sh runtime
	@$(PORTAL) demo
	@PORTAL_REQUIRE_TOTP=$${PORTAL_REQUIRE_TOTP:-0} exec $(PORTAL) serve --host $(HOST) --port $(PORT) --workers $(WORKERS)

test: ## run every test (installs Chromium and PostgreSQL when root and missing)
	@requirements/install.sh test
	@requirements/install-tools.sh tests chromium-headless-shell fonts-noto-cjk postgresql
	@$(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

bench-search: ## our search beside its peers (ARGS="--million --write", sizes; see bench/README.md)
	@requirements/install.sh bench
	@requirements/install-tools.sh measurements groonga-bin wrk postgresql
	@$(PYTHON) -m bench.search $(ARGS)

bench-profile: ## where the time of a search goes, and what owners type (ARGS=size)
	@requirements/install.sh bench
	@$(PYTHON) -m bench.profile $(ARGS)
	@$(PYTHON) -m bench.owners $(ARGS)

bench-http: ## the search page under load and beside publishing, its JSON beside other servers' (ARGS=)
	@requirements/install.sh bench
	@requirements/install-tools.sh measurements groonga-bin wrk postgresql
	@$(PYTHON) -m bench.http $(ARGS)

bench-sign-in: ## what a rush of sign-ins does to the pages, and what answers tell (ARGS=--write)
	@requirements/install.sh bench
	@$(PYTHON) -m bench.sign_in $(ARGS)

lint: ## style and format, as CI checks them
	@requirements/install.sh dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

format: ## put style and format right
	@requirements/install.sh dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

types: ## check the types
	@requirements/install.sh dev
	@.venv/bin/mypy

lock: ## resolve the dependencies of pyproject.toml anew into requirements/*.txt
	@requirements/install.sh dev
	@requirements/lock.sh

vendor: ## copy the pinned front-end packages into static/vendor (needs Node)
	@static/vendor/update.sh

fonts: ## cut the fonts of PDF files down to what is printed (FONTS=folder of the whole ones)
	@requirements/install.sh dev
	@.venv/bin/uv run --quiet --script portal/typesetting/fonts/make.py $(FONTS)

bench-quality: ## how well searches answer judged queries, beside other engines (ARGS=)
	@requirements/install.sh bench
	@requirements/install-tools.sh measurements groonga-bin postgresql
	@$(PYTHON) -m bench.quality.run $(ARGS)

bench-editors: ## two people writing one listing in random orders, on both databases (STORIES=200)
	@requirements/install.sh test
	@requirements/install-tools.sh tests postgresql
	@PORTAL_TEST_STORIES=$${STORIES:-200} $(PYTHON) -m pytest -q tests/portal/listings/test_interleavings.py

bench-alerts: ## a simulated year of mails to owners, each held against its foretelling (ARGS=)
	@requirements/install.sh test
	@requirements/install-tools.sh tests postgresql
	@$(PYTHON) -m bench.alerts $(ARGS)

bench-report-files: ## the files of a yearly report as LibreOffice opens them (ARGS=--write)
	@requirements/install.sh test
	@requirements/install-tools.sh measurements libreoffice-calc-nogui
	@$(PYTHON) -m bench.report_files $(ARGS)

index-sync: ## apply waiting changes to the search index
	@$(PORTAL) index sync

index-verify: ## compare the search index with the database
	@$(PORTAL) index verify

index-rebuild: ## write the search index anew
	@$(PORTAL) index rebuild

clean: ## remove what tools left behind; keeps var/ with the data
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results *.egg-info
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
