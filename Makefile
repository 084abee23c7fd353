# CV4LymphNode. `make demo` runs it, `make test` checks it; both do all their own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
# Extra arguments of pip install, for instance another index (README: the smaller CPU build of PyTorch).
PIP_ARGS ?=
HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= var
export PYTHON DATA_DIR

VENV := .venv
PY := $(VENV)/bin/python
TIMED := scripts/timed.sh
REQUIREMENTS := $(wildcard requirements/*.txt) requirements.txt
FRONTEND_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/*.json frontend/*.ts frontend/*.html)
MODALITIES := 2d cdfi elastography

.PHONY: help demo test test-long install lint format bench e2e demo-proof constraints schema clean audit locks licences sbom \
	test-python test-frontend system-demo system-test

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

# --- set-up -----------------------------------------------------------------------------------------------------

system-demo:
	@scripts/system_packages.sh demo

system-test:
	@scripts/system_packages.sh test

$(VENV)/bin/pip:
	@$(TIMED) "Creating the virtual environment $(VENV)" $(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(REQUIREMENTS) | system-demo $(VENV)/bin/pip
	@$(TIMED) "Installing Python packages (PyTorch is 3 GB: 2 to 10 minutes)" \
		$(PY) -m pip install -qq --disable-pip-version-check $(PIP_ARGS) -r requirements.txt
	@touch $@

$(VENV)/.dev: $(REQUIREMENTS) | $(VENV)/.run
	@$(TIMED) "Installing the tools for lint and tests (about a minute)" \
		$(PY) -m pip install -qq --disable-pip-version-check $(PIP_ARGS) -r requirements/dev.txt
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json | system-demo
	@cd frontend && ../$(TIMED) "Installing JavaScript packages (about a minute)" npm ci --no-audit --no-fund --silent
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed $(FRONTEND_SOURCES)
	@cd frontend && ../$(TIMED) "Building the page (about 20 s)" npm run --silent build
	@touch $@

install: $(VENV)/.dev frontend/node_modules/.installed ## everything a contributor needs, into .venv/ and frontend/node_modules/

# --- the product ------------------------------------------------------------------------------------------------

demo: $(VENV)/.run frontend/dist/index.html ## build everything, then serve http://127.0.0.1:8000 until Ctrl-C (PORT, DATA_DIR)
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) -m ml demo --out $(DATA_DIR)/models
	@$(PY) manage.py model_import $(foreach m,$(MODALITIES),$(DATA_DIR)/models/demo-$(m).safetensors) \
		$(DATA_DIR)/models/demo-fusion.safetensors --activate --if-missing
	@exec $(PY) manage.py serve --host $(HOST) --port $(PORT)

# --- checks -----------------------------------------------------------------------------------------------------

lint: install ## style, types, import rules, migrations; Python and TypeScript
	@$(TIMED) "ruff" $(VENV)/bin/ruff check .
	@$(TIMED) "ruff format" $(VENV)/bin/ruff format --check .
	@$(TIMED) "import rules" $(VENV)/bin/lint-imports --no-cache
	@$(TIMED) "mypy" $(VENV)/bin/mypy
	@$(TIMED) "hadolint" $(VENV)/bin/hadolint Dockerfile
	@$(TIMED) "dclint" frontend/node_modules/.bin/dclint --config deploy/dclint.yaml --max-warnings 0 docker-compose.yml
	@$(TIMED) "migrations are complete" $(PY) manage.py makemigrations --check --dry-run --verbosity 0
	@cd frontend && ../$(TIMED) "ESLint, tsc, Prettier" npm run --silent lint

test-python: install system-test
	@$(TIMED) "Python tests, two at a time" $(PY) -m pytest -q -m "not long and not integration" -n 2 --dist loadfile
	@$(TIMED) "Python tests with real servers" $(PY) -m pytest -q -m "not long and integration"

test-frontend: install
	@cd frontend && ../$(TIMED) "Front-end tests" npm run --silent test

e2e: install system-test frontend/dist/index.html ## the page in a real Chromium, against a real server
	@cd frontend && ../$(TIMED) "Browser tests" npm run --silent e2e

test: lint test-python test-frontend e2e ## everything a contributor must pass (about 15 minutes on two cores)
	@echo "✓ make test passed"

test-long: install system-test frontend/dist/index.html ## the slow rest: three-seed demo check, faults, real images
	@$(TIMED) "Long tests" $(PY) -m pytest -q -m long
	@cd frontend && ../$(TIMED) "Long browser tests" npm run --silent e2e:long
	@cd frontend && GALLERY=full ../$(TIMED) "Every page state, both languages and themes" npm run --silent gallery

demo-proof: system-test $(VENV)/.run frontend/dist/index.html ## start the demo, upload through a browser, get answers, stop
	@$(PY) scripts/prove_demo.py

bench: install ## timings and memory, to benchmarks/results/*.json; fails where a figure got a fifth worse than accepted
	@for program in benchmarks/*.py; do $(TIMED) "$$program" $(PY) $$program || exit 1; done
	@$(PY) -m benchmarks.harness.table
	@$(PY) -m benchmarks.harness.compare

# --- upkeep -----------------------------------------------------------------------------------------------------

format: install ## rewrite the code in the project's style
	@$(VENV)/bin/ruff check --fix . && $(VENV)/bin/ruff format .
	@cd frontend && npm run --silent format

schema: install ## regenerate the OpenAPI schema and the typed client
	@$(PY) manage.py spectacular --format openapi-json --file frontend/openapi.json --validate --fail-on-warn
	@cd frontend && npm run --silent generate

constraints: install ## pin every installed package in requirements/constraints.txt
	@( head -2 requirements/constraints.txt; $(PY) -m pip freeze --all --disable-pip-version-check | grep -vE '^(-e|pip==)' ) > constraints.tmp
	@mv constraints.tmp requirements/constraints.txt

locks: install ## requirements/locks/: every package with its hash, for `pip install --require-hashes`
	@$(PY) scripts/locks.py

licences: install ## docs/licences.md; fails on a licence that does not fit
	@$(PY) scripts/licences.py

sbom: install ## artifacts/sbom-python.json and sbom-javascript.json (CycloneDX)
	@mkdir -p artifacts
	@$(VENV)/bin/cyclonedx-py requirements requirements/locks/worker.txt --output-file artifacts/sbom-python.json
	@cd frontend && npm sbom --sbom-format cyclonedx --omit dev > ../artifacts/sbom-javascript.json
	@echo "artifacts/sbom-python.json and artifacts/sbom-javascript.json are written"

audit: install ## known weaknesses of the dependencies; skipped with a reason where no advisory service answers
	@scripts/audit.sh $(VENV)

clean: ## remove what the targets above made (keeps var/, your data)
	@rm -rf $(VENV) frontend/node_modules frontend/dist artifacts .mypy_cache .ruff_cache .pytest_cache
