# Everything here is done by tooling/, with Python's standard library alone: a machine needs
# make, python3 (3.11 or newer) and a network to PyPI and npm, and nothing else.
#
# Ctrl-C in a terminal reaches Taskwire and make at once; make waits until Taskwire has stopped
# in its own order, then ends as interrupted (status 130), as it does for every target.

PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run wheel test check faults bench bench-quick format clean

help: ## List what can be done here
	@$(PYTHON) -m tooling.help

run: ## Install what is missing, build the page, start everything on http://localhost:8000
	@exec $(PYTHON) -m tooling.start

wheel: ## Build dist/taskwire-….whl, the page included: for a machine without Node
	@exec $(PYTHON) -m tooling.wheel

test: ## Install what the tests need, then run all of them and every check
	@exec $(PYTHON) -m tooling.checks test

check: ## The fast part: lint, types, import contracts, architecture, the page's lint and types
	@exec $(PYTHON) -m tooling.checks check

faults: ## Try for an hour to make it lose a change: simulator, torture, scenarios, sabotage
	@exec $(PYTHON) -m tooling.faults $(FAULTS)

bench: ## Install the peers, measure us and them in the same minutes, write docs/bench (half an hour)
	@exec $(PYTHON) -m tooling.bench

bench-quick: ## The same in small, in under three minutes; writes nothing into docs
	@exec $(PYTHON) -m tooling.bench --quick

format: ## Let the formatters rewrite Python and TypeScript
	@exec $(PYTHON) -m tooling.checks format

clean: ## Remove what was installed and built; the data folder stays
	rm -rf .venv .cache frontend/node_modules src/taskwire/page
