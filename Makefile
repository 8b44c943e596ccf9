# The two that set everything up: make demo, make test. PYTHON is any Python from 3.11 with venv.
PYTHON ?= python3
PROFILE ?= default
SET ?= core

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint eval gate bench ui

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Create .venv with the commands ask and rag in it.

# The stamp makes setup free until pyproject.toml asks for something else.
$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; type: make PYTHON=python3.11 setup")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	@touch $@

demo: setup ## Fetch the models, index the sample reports, ask two questions.
	$(BIN)/rag models pull --profile $(PROFILE)
	$(BIN)/rag add eval/reports --index demo
	$(BIN)/ask --index demo "腾讯2024年全年收入是多少？"
	@# The reports do not say, so the right outcome is a refusal: exit code 3.
	$(BIN)/ask --index demo "京东2024年第三季度收入是多少？" || test $$? -eq 3

test: lint ## Lint, types and all tests; the models are fetched on first use.
	$(BIN)/pytest
	$(BIN)/pytest -m 'slow or model'
	$(BIN)/pytest -m browser

lint: setup ## Style, formatting and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: setup ## Run the case set SET (core) and print its scores.
	$(BIN)/rag eval run $(SET)

gate: setup ## Hold retrieval and answers against the committed baselines; part of make test.
	$(BIN)/pytest -m 'slow and model' tests/test_eval_gate.py

bench: setup ## Measure the speed of indexing, searching and answering.
	$(BIN)/rag bench

ui: setup ## Open the chat page.
	$(BIN)/rag ui
