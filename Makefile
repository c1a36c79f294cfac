# make run    serve the desk with demo data at http://127.0.0.1:8000 (PORT=…); Ctrl-C stops it
# make test   all tests, PostgreSQL included (TESTS=tests/workflows, ARGS="-k locked -x", WORKERS=0)
# make check  ruff, mypy and the contract tests
# make format let ruff lay out the code
# make screenshots   pictures of every page, light and dark, 1280 and 390, in FOLDER (screenshots/)
# make bench  what the desk costs, as ratios to floors (SIZES="1000 100000" DATABASES="sqlite postgresql" ROUNDS=6)
#
# Each sets up what it needs in .venv first. Nothing outside this folder is touched.

.POSIX:
.PHONY: help run test check format screenshots bench clean

TESTS ?= tests
ARGS ?=
WORKERS ?= logical
BIN = .venv/bin

# Compiled modules are worth keeping, whatever the caller's shell says: pytest starts in half the time.
export PYTHONDONTWRITEBYTECODE =

help:
	@sed -n 's/^# make /make /p' Makefile

run: .venv/ready-to-run
	@HELPDESK_ENV=$${HELPDESK_ENV:-development} exec $(BIN)/python -m helpdesk.serve

test: .venv/ready-to-test
	@exec $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadgroup $(ARGS) $(TESTS)

check: .venv/ready-to-test
	@echo "ruff …"
	@$(BIN)/ruff check .
	@echo "mypy …"
	@$(BIN)/mypy
	@echo "contract tests …"
	@exec $(BIN)/python -m pytest --quiet --numprocesses $(WORKERS) --dist loadgroup $(ARGS) tests/contract

format: .venv/ready-to-test
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

FOLDER ?= screenshots

screenshots: .venv/ready-to-test
	@exec $(BIN)/python -m scripts.screenshots $(FOLDER)

SIZES ?= 1000 100000
DATABASES ?= sqlite postgresql
PARTS ?= desk sweep worksheets documents
LICENSES ?= 2500 5000 10000
ROUNDS ?= 6
JSON ?=

bench: .venv/ready-to-test
	@exec $(BIN)/python -m bench --sizes "$(SIZES)" --databases "$(DATABASES)" --rounds $(ROUNDS) \
	    --parts "$(PARTS)" --licenses "$(LICENSES)" \
	    $(if $(JSON),--json "$(JSON)")

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/ready-to-run: requirements.txt scripts/setup.sh
	@scripts/setup.sh requirements.txt
	@touch $@

.venv/ready-to-test: requirements.txt requirements-dev.txt scripts/setup.sh
	@scripts/setup.sh requirements-dev.txt
	@touch .venv/ready-to-run $@
