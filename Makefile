# One word for each chore. `make demo` shows the product, `make test` says whether a change is good.

VENV   := .venv
BIN    := $(VENV)/bin
LOCKED := $(VENV)/.locked
READY  := $(VENV)/.ready

# The first interpreter that is new enough; PYTHON=/path/to/python3 chooses another.
NEW_ENOUGH := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
            "$$each" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$each" && break; done)

# What Python compiles is kept, whatever the machine prefers: pytest collects in little more than half the time then, from
# the second run on.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo serve test checks lint types arrows flows unit conversations format bench test-emulators lock clean

help:                  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  %-20s %s\n", $$1, $$2}'

demo: $(READY)         ## an invented utility with its customers, and the chat at http://127.0.0.1:8080/
	@$(BIN)/atiende demo

serve: $(READY)        ## the service with the settings of config.yaml
	@$(BIN)/atiende serve

test: $(READY)         ## every check that .ci/run makes
	@$(MAKE) --no-print-directory --keep-going checks

checks: lint types arrows flows unit

lint: $(READY)         ## style: ruff
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)        ## types: mypy, strict
	$(BIN)/mypy

arrows: $(READY)       ## who may import whom: import-linter
	$(BIN)/lint-imports

flows: $(READY)        ## flows, wording and language data fit together
	$(BIN)/atiende check

conversations: $(READY) ## the scripted conversations, through the real turn
	$(BIN)/atiende test tests/conversations

unit: $(READY)         ## the tests
	$(BIN)/python -m pytest -q -n auto --dist worksteal

format: $(READY)       ## let ruff arrange the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY)        ## speed and memory, as ratios inside this run
	$(BIN)/python -m tests.benchmarks

test-emulators: $(READY) ## Telegram and WhatsApp against servers that others wrote, from npm (slow)
	@$(BIN)/python -m tests.emulators

lock:                  ## resolve the dependencies anew, with hashes
	@$(call need_python)
	"$(PYTHON)" -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --quiet -o requirements.lock

clean:                 ## forget the environment and the demo's data
	rm -rf $(VENV) $(VENV)-lock var build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

define need_python
if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c '$(NEW_ENOUGH)' 2>/dev/null; then \
  echo "Atiende needs Python 3.11, 3.12, 3.13 or 3.14; none was found. Install one, or say which: make demo PYTHON=/path/to/python3" >&2; \
  exit 1; \
fi; \
if ! "$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null; then \
  echo "$(PYTHON) lacks its venv module. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; \
fi
endef

# The environment exactly as locked. The stamps make a second call cost nothing, and a broken first call start over.
$(LOCKED): requirements.lock
	@$(call need_python)
	@if [ ! -x $(BIN)/python ] || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  echo "Creating the environment in $(VENV)…"; "$(PYTHON)" -m venv --clear $(VENV); fi
	@echo "Installing the locked dependencies (the first time takes a minute or two)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
