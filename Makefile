# One command each: make sandbox | make test | make planted | make chaos | make bench | make pictures | make lock | make format
# The first call makes .venv from a hash-locked file, a later one finds the stamp and goes straight on.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "$(PYTHON) is missing or older than 3.11: say make PYTHON=/path/to/python3.11 (or newer)" >&2; exit 1; }
	@echo "setting up $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/sandbox.stamp: requirements-sandbox.txt | $(BIN)/python
	@$(PIP) -r requirements-sandbox.txt
	@touch $@

ifeq ($(firstword $(MAKECMDGOALS)),sandbox)

# Everything after the goal is for the sandbox:   make sandbox -- --as U0VIEWER --say '/failover status'
# or, safe for any character whatever:            make sandbox WHO=U0VIEWER SAY='/failover set NBA mode=flat'
# The page, in another scene or going on from last time:   make sandbox -- --scene final --keep
# Make takes such words for goals, so here, and only here, every goal is accepted and does nothing. The text
# reaches the sandbox through the environment, not through a shell, so that no quote or dollar sign is touched.
ifneq ($(filter command,$(origin --say) $(origin --as)),)
$(error write --say '...' with a blank, not --say=...)
endif
MAKEFLAGS += --silent --no-print-directory
typed      = $(if $(filter command,$(origin $(1))), $(2) $(value $(1)))
override SANDBOX_ARGS := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))$(call typed,WHO,--as)$(call typed,SAY,--say)$(call typed,--scene,--scene)
override SAY := $(value SAY)
override WHO := $(value WHO)
unexport SAY WHO
export SANDBOX_ARGS

.PHONY: sandbox
sandbox: $(VENV)/sandbox.stamp
	@$(BIN)/python -m sandbox

requirements-sandbox.txt Makefile: ;
%: ; @:

else

.PHONY: test planted chaos bench pictures lock format check-format browser
.DEFAULT_GOAL := test

$(VENV)/dev.stamp: requirements-dev.txt requirements-sandbox.txt | $(BIN)/python
	@$(PIP) -r requirements-dev.txt
	@touch $(VENV)/sandbox.stamp $@

$(VENV)/lock.stamp: | $(BIN)/python
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	@touch $@

# The tests' own test: bugs are planted in copies of the project, each for a named test to find, and in the
# services, for the state machines to come upon.
planted: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.planted
	@$(BIN)/python -m pytest -n 4 -m planted

# The long form of the chaos runs, about half an hour. Repeat one: make chaos SEED=5 ONLY=kills
chaos: $(VENV)/dev.stamp
	@sh tests/strace.sh
	@$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

# Four at once, however few the cores: the tests mostly wait. Those that share a simulated world stay together.
test: check-format browser
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 4 --dist loadgroup

browser:
	@sh tests/browser.sh

check-format: $(VENV)/dev.stamp
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m bench

pictures: $(VENV)/dev.stamp browser
	@$(BIN)/python -m tests.page.pictures

LOCK = $(VENV)/lock/bin/uv pip compile --quiet --no-config --no-header --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links
lock: $(VENV)/lock.stamp
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) -c requirements.txt requirements-sandbox.in -o requirements-sandbox.txt
	@$(LOCK) -c requirements-sandbox.txt requirements-dev.in -o requirements-dev.txt

endif
