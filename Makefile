# Each target does its own set-up on a fresh machine with python3, make and ca-certificates. `make help` explains.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test soak bench lint format docs setup setup-dev clean

# uv takes the interpreter that is here and never fetches one.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
# Byte code is written once, here: a command of 0.2 s would compile for 0.4 s wherever Python may not keep any.
export UV_COMPILE_BYTECODE := 1
# The same for the tests, which pytest compiles: half a minute for each of its processes.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

UV_VERSION := 0.13.9
UV := .tools/bin/uv
UV_HERE := .tools/.uv-$(UV_VERSION)
PYTHON := .venv/bin/python
COMPILE = $(PYTHON) -m compileall -q src
CODE := src tests bench samples training scripts
CORES ?= 2
OUT ?= demo
TESTS ?=

help:  ## Say what each target does
	@echo "make demo [SEED=n] [OUT=demo]  set up, take the sample network into ./demo, search and verify it (3 minutes)"
	@echo "make test           lint, types, import contracts and the whole test suite (15 minutes on two cores)"
	@echo "make soak           the long form: 50 kills, a million texts, 10 GB"
	@echo "make bench          speed and memory beside the peers; keeps its run in bench/runs"
	@echo "make lint           ruff, mypy and the import contracts alone"
	@echo "make format         bring the sources into the house's form"
	@echo "make docs           write docs/cli.md and docs/formats.md anew"
	@echo "make setup          only set up: the commands are then in .venv/bin"
	@echo "make setup-dev      set up for development: also what tests and lint need, playwright among it"
	@echo "make clean          remove ./demo, .venv and .tools"
	@echo
	@echo "TESTS=path narrows make test; CORES=n runs it on more processes (2)."

# Set-up, each step once. What apt would install is asked of dpkg first: a second run needs no network.

$(UV_HERE):
	@sh scripts/venv.sh .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.runtime: uv.lock pyproject.toml | $(UV_HERE)
	@$(UV) sync --frozen --no-dev --inexact
	@touch $@

.venv/.dev: uv.lock pyproject.toml | $(UV_HERE)
	@$(UV) sync --frozen
	@touch .venv/.runtime $@

.tools/.runtime-packages: scripts/apt-runtime.txt | $(UV_HERE)
	@sh scripts/packages.sh $@ $^

.tools/.sample-packages: samples/apt.txt | $(UV_HERE)
	@sh scripts/packages.sh $@ $^

.tools/.test-packages: scripts/apt-runtime.txt scripts/apt-tests.txt samples/apt.txt | $(UV_HERE)
	@sh scripts/packages.sh $@ $^

setup: .tools/.runtime-packages .venv/.runtime
	@$(COMPILE)
	@echo "Set up. Next: .venv/bin/actionday --help"

setup-dev: .tools/.test-packages .venv/.dev
	@$(COMPILE)

# What one does with it.

demo: .tools/.runtime-packages .venv/.runtime $(if $(SEED),.tools/.sample-packages)
	@$(COMPILE)
	@$(PYTHON) -m samples.demo --out $(OUT) $(if $(SEED),--seed $(SEED))

lint: .venv/.dev
	$(PYTHON) -m ruff check --no-cache $(CODE)
	$(PYTHON) -m ruff format --no-cache --check $(CODE)
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

# What apt installs, what mypy reads and what pytest compiles do not wait for one another.
test:
	@$(MAKE) --no-print-directory -j3 --output-sync=line setup-dev lint .venv/.tests
	$(PYTHON) -m pytest -n $(CORES) --dist loadfile --no-loadscope-reorder --durations=40 --durations-min=5 -m "not soak" $(TESTS)

.venv/.tests: .venv/.dev
	@$(PYTHON) -m pytest --collect-only -q >/dev/null || true  # the run itself says what is wrong
	@touch $@

soak: setup-dev
	$(PYTHON) -m pytest -m soak --timeout 14400 $(TESTS)

bench: setup-dev
	$(PYTHON) -m bench.run

format: .venv/.dev
	$(PYTHON) -m ruff check --fix --select I $(CODE)
	$(PYTHON) -m ruff format $(CODE)

docs: .venv/.dev
	$(PYTHON) scripts/write_cli_page.py
	$(PYTHON) scripts/write_formats_page.py

clean:
	rm -rf demo .venv .tools
