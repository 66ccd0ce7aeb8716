# Everything here needs Python 3.11 or later and make; what else is used is fetched into .tools and .venv.
SHELL := /bin/sh
.DEFAULT_GOAL := help
export UV_PYTHON_DOWNLOADS = never
export UV_SYSTEM_CERTS = 1
FORM ?= embedded
ARGS ?=
BIN := .venv/bin

.PHONY: help run new-action action slack-manifest demo test bench check format stack stack-down up

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: .venv/ready ## run Jeeves in one process with SQLite (the embedded form)
	@exec $(BIN)/python -m jeeves run

new-action: .venv/ready ## make an action of your own that works and is tested: NAME=dice
	@$(BIN)/python -m jeeves new-action -- "$$NAME"
	@touch .venv/ready # it brought the environment up to date

action: .venv/ready ## run an action beside a running Jeeves, anew at each change: NAME=dice
	@exec $(BIN)/python -m jeeves action -- "$$NAME"

slack-manifest: .venv/ready ## print the manifest of the Slack app; JEEVES_PUBLIC_URL is where Slack finds Jeeves
	@exec $(BIN)/python -m jeeves slack-manifest

demo: .venv/ready ## show a scripted conversation; FORM=stack for the distributed form
	@PYTHONPATH=tests exec $(BIN)/python -m demo $(FORM)

test: .venv/ready ## run all tests with the servers they need; ARGS="-k words" goes to pytest
	@exec $(BIN)/python -m jeeves.provision -- $(ARGS)

bench: .venv/ready ## measure Jeeves beside slack-bolt; exit 1 when a figure is below its floor (docs/performance.md)
	@exec $(BIN)/python -m bench

check: .venv/ready ## format, lint, types, import rules, schemas, and what else can be told without running
	@exec $(BIN)/python -m jeeves check

format: .venv/ready ## format the code and make what is generated
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m jeeves gateway write
	$(BIN)/python -m jeeves_contracts.schemas write docs/schemas
	$(BIN)/python -m jeeves_service.bus.asyncapi write docs/schemas
	$(BIN)/python -m users_service.api.openapi write docs/schemas
	$(BIN)/python -m users_service.api.matrix write docs/policies.md
	$(BIN)/python -m jeeves.docs write

stack: .venv/ready ## run one process per service with RabbitMQ, PostgreSQL and Traefik; returns once ready
	@exec $(BIN)/python -m jeeves stack up

stack-down: .venv/ready ## end what `make stack` started
	@exec $(BIN)/python -m jeeves stack down

up: .venv/ready ## run the containers of docker-compose.yml; returns once ready
	@$(BIN)/python -m jeeves prepare
	docker compose up --build --detach --wait

# A uv on the PATH is used; else one is made in .tools by the newest Python that will do.
.venv/ready: uv.lock pyproject.toml $(wildcard */pyproject.toml packages/*/pyproject.toml)
	@uv=$$(command -v uv) || { \
	  for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	  done; \
	  if [ -z "$$python" ]; then echo "Jeeves needs Python 3.11 or later: install it (Debian: apt-get install -y python3 python3-venv), then run make again." >&2; exit 1; fi; \
	  "$$python" -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python cannot make environments: apt-get install -y python3-venv, then run make again." >&2; exit 1; }; \
	  [ -x .tools/bin/uv ] || { echo "Fetching uv into .tools" >&2; "$$python" -m venv .tools && .tools/bin/pip install --quiet 'uv>=0.9,<1'; } || exit 1; \
	  UV_PYTHON=$$(command -v "$$python"); export UV_PYTHON; uv=.tools/bin/uv; \
	}; \
	"$$uv" sync --quiet --frozen --all-packages
	@touch $@
