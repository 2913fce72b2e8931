# Three commands to know: `make demo`, `make studio` and `make test`. All set up .venv first and are quick when it is up to date.
# Needs Python 3.11 or newer and make; `make PYTHON=/path/to/python3.11 demo` names an interpreter.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BENCHMARKS_INSTALLED := $(VENV)/.installed-benchmarks
RELEASE := .venv-release
RELEASE_INSTALLED := $(RELEASE)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Tests of one file stay in one process, where they share what the file computes for them.
ON_ALL_CORES := -n logical --dist loadfile --no-loadscope-reorder
PYTEST_ARGS ?=
BENCH_ARGS ?=
STUDIO_ARGS ?=

# The public API and every file with a kernel describe all they take and give; .flake8 says what that means.
API := src/anagen/__init__.py src/anagen/core/result.py src/anagen/core/errors.py src/anagen/study/study.py \
    src/anagen/evidence/published.py src/anagen/reports/therapy.py $(wildcard src/anagen/*/result.py src/anagen/planning/*/result.py)
KERNELS = $(shell grep -lrE --include='*.py' '^@(compiled|inlined|merged)$$' src/anagen)

.DEFAULT_GOAL := help
.PHONY: help setup demo studio test test-long test-all lint kernels docs docs-site posterior bench release-check release-files clean distclean

help:  ## list the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

setup: $(INSTALLED)  ## make .venv and install the pinned dependencies

demo: $(INSTALLED)  ## run the shipped study exosome-vs-saline and say where its report is
	$(BIN)/anagen demo --out results/demo --overwrite

studio: $(INSTALLED)  ## open the local web application (STUDIO_ARGS="--port 0 --open")
	$(BIN)/anagen studio $(STUDIO_ARGS)

# Lint and the compiler each keep one core busy, so they run side by side.
test: $(INSTALLED)  ## lint, then all tests but the long ones, on all cores
	@$(MAKE) --no-print-directory -j 2 lint kernels
	$(BIN)/python -m pytest $(ON_ALL_CORES) $(PYTEST_ARGS)

test-long: $(INSTALLED)  ## the tests that take minutes: type-I error over 2,000 trials, 100,000 damaged files
	$(BIN)/python -m pytest -m long $(ON_ALL_CORES) $(PYTEST_ARGS)

test-all: test test-long  ## all tests, the long ones last

lint: $(INSTALLED)  ## style, docstrings, types, and which folder may import which
	$(BIN)/ruff check .
	@! grep -rnE --include='*.py' '^ *(Args|Attributes|Sources?):' src benchmarks docs  # ruff knows the other headings of that style
	$(BIN)/flake8 $(API) $(KERNELS)
	$(BIN)/lint-imports
	$(BIN)/basedpyright --level error

kernels: $(INSTALLED)  ## compile the kernels where they are not compiled yet
	$(BIN)/python tests/compile_kernels.py

docs: $(INSTALLED)  ## write the pages of docs/ that hold numbers (after anything that moves default results)
	$(BIN)/python docs/generate.py

# A warning, such as of a link that leads nowhere, is a fault. What was built is taken up again, so that a second time is quick.
docs-site: $(INSTALLED)  ## build the documentation as pages for a browser into build/site, without a network
	$(BIN)/python -m sphinx --fail-on-warning --nitpicky --quiet -d build/site-doctrees docs build/site
	@echo "open build/site/index.html"

posterior: $(INSTALLED)  ## calibrate again, take over the posterior, and write the pages anew (30 minutes on 2 cores, and a few for pages)
	$(BIN)/anagen calibrate --workers 2 --leave-one-out --information --sbc 50 --out results/calibration --overwrite
	cp results/calibration/posterior.parquet results/calibration/posterior.json src/anagen/parameters/
	$(BIN)/python docs/calibration_page.py results/calibration
	$(BIN)/anagen validate --leave-one-out --from results/calibration --draws 1 --workers 2 --out results/left-out --overwrite
	$(BIN)/python docs/validation_page.py results/left-out
	$(BIN)/python docs/generate.py

bench: $(BENCHMARKS_INSTALLED)  ## run every benchmark (BENCH_ARGS=--quick for a short run)
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script $(BENCH_ARGS); done

release-check: $(RELEASE_INSTALLED)  ## check all that RELEASE.md asks of a release, without uploading anything (about 10 minutes)
	$(RELEASE)/bin/python release/check.py

release-files: $(RELEASE_INSTALLED)  ## list what is installed, with licences: release/sbom/ and docs/licences.md (about 5 minutes)
	$(RELEASE)/bin/python release/check.py --write

clean:  ## remove caches and build outputs
	rm -rf build dist .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean  ## remove .venv and .venv-release as well
	rm -rf $(VENV) $(RELEASE)

# Makes an environment where there is none that works; $(1): its folder.
define environment
	@if ! $(1)/bin/python -m pip --version >/dev/null 2>&1; then \
	    for candidate in $(PYTHON) python3.11 python3 python3.12 python3.13 python; do \
	        if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo "Python 3.11 or newer is needed and none was found ($$(python3 --version 2>&1 || true))." >&2; \
	        echo "Install it, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; \
	    fi; \
	    echo "making $(1) with $$($$found --version)"; \
	    $$found -m venv --clear $(1) || { echo "Python's venv module is needed (Debian: apt install python3-venv)" >&2; exit 1; }; \
	fi
endef

# The stamp is written last, so that an installation that was cut off is repeated.
$(INSTALLED): pyproject.toml constraints.txt
	$(call environment,$(VENV))
	@echo "installing pinned dependencies into $(VENV)"
	@$(PIP) install --constraint constraints.txt hatchling editables
	@$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[dev,docs,calibration,cluster,credibility,formats,pictures,planning,query,studio,trichoscopy]'
	@touch $@

$(BENCHMARKS_INSTALLED): $(INSTALLED)
	@$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[dev,docs,calibration,cluster,credibility,formats,pictures,planning,query,studio,trichoscopy,benchmarks]'
	@touch $@

# Tools of a release without the package itself; cffconvert needs an older jsonschema than all others.
$(RELEASE_INSTALLED): pyproject.toml constraints.txt release/citation.txt
	$(call environment,$(RELEASE))
	@echo "installing the tools of a release into $(RELEASE)"
	@$(RELEASE)/bin/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['release'], sep='\n')" > $(RELEASE)/tools.txt
	@$(RELEASE)/bin/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt --requirement $(RELEASE)/tools.txt
	@$(RELEASE)/bin/python -m venv $(RELEASE)/citation
	@$(RELEASE)/citation/bin/python -m pip --disable-pip-version-check --quiet install --requirement release/citation.txt
	@touch $@
