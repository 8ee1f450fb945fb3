# Needs Python 3.11 or newer and nothing else: every target makes its own virtual environment first.
# Another interpreter: make tour PYTHON=python3.12

PYTHON = python3
VENV = .venv
RUN = $(VENV)/bin/python
INSTALL = $(RUN) -m pip install --quiet --disable-pip-version-check --editable

.PHONY: tour test quick check bench fmt-examples clean

tour: $(VENV)/ready
	$(VENV)/bin/yibao run examples/tour.yb

test: $(VENV)/ready-dev
	$(RUN) -m pytest -n auto

quick: $(VENV)/ready-dev
	$(RUN) -m pytest -n auto -m "not slow"

check: $(VENV)/ready-dev
	$(RUN) -m ruff check .
	$(RUN) -m mypy

bench: $(VENV)/ready-bench
	$(RUN) -m benchmarks

fmt-examples: $(VENV)/ready
	$(VENV)/bin/yibao fmt --check examples

clean:
	rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -type d -name __pycache__ -prune -exec rm -rf {} +

# The stamps: set-up runs once, and again only when pyproject.toml changes.

$(VENV)/made:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "$(PYTHON) was not found. Install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "yibaolang needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv module. Install it (on Debian and Ubuntu: apt install python3-venv), then run make again." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/ready: $(VENV)/made pyproject.toml
	$(INSTALL) .
	@touch $@

$(VENV)/ready-dev: $(VENV)/made pyproject.toml
	$(INSTALL) '.[dev]'
	@touch $@

$(VENV)/ready-bench: $(VENV)/made pyproject.toml
	$(INSTALL) '.[bench,native,peers]'
	@touch $@
