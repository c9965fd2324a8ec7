# Wenju: `make run` opens the page, `make test` runs every test. Each makes the virtual environment
# that it needs; a machine with Python and make is enough. Settings: make run PORT=8080

PYTHON ?= python3
VENV   ?= .venv
HOST   ?= 127.0.0.1
PORT   ?= 7860
CORPUS ?=
INDEX  ?=
# Where the CPU build of torch lies; if nothing answers there, pip's own indexes serve.
# On Linux, PyPI's own torch would bring gigabytes of CUDA along.
TORCH       ?= torch==2.13.0
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check
WHERE   := $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(INDEX),--index "$(INDEX)")

.PHONY: run index test check clean help

run: $(VENV)/.run  ## make the index over seeds/ if there is none, then open the page
	$(BIN)/python -m ui --host $(HOST) --port $(PORT) $(WHERE)

index: $(VENV)/.run  ## rebuild the index
	$(BIN)/python -m embeddings rebuild $(WHERE)

test: $(VENV)/.dev  ## every test; make test ARGS='-m "not slow"' for some
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

clean:  ## remove the virtual environment and what the tools left
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/.torch:
	$(PYTHON) -m venv $(VENV)
	@index=; \
	if $(BIN)/python -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=10)' \
		$(TORCH_INDEX)/torch/ 2>/dev/null; then index="--extra-index-url $(TORCH_INDEX)"; fi; \
	echo "$(PIP) install $$index $(TORCH)"; \
	$(PIP) install $$index "$(TORCH)"
	@touch $@

$(VENV)/.run: $(VENV)/.torch pyproject.toml
	$(PIP) install -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.torch pyproject.toml
	$(PIP) install -e ".[dev]"
	@touch $@ $(VENV)/.run
