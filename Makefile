# Préau: `make demo` to try it, `make test` to test it. See README.md.
PORT ?= 8000
VAR ?= var
ARGS ?=
SPACES ?= 20000
BOOKINGS ?= 100
PAST ?= 1
PER_PLACE ?= 5
PROJECTS ?= 40000
ONLY ?=
# A country has a folder of its own (var/bench-<SPACES>, var/bench-projects-<PROJECTS>) unless VAR is given.
COUNTRY = --spaces "$(SPACES)" --bookings "$(BOOKINGS)" --past "$(PAST)" --per-place "$(PER_PLACE)" \
	--projects "$(PROJECTS)" \
	$(if $(filter command line environment,$(origin VAR)),--var "$(VAR)")

OPS = @python=$$(sh ops/python) || exit 1; exec "$$python" -m ops

.PHONY: help demo test test-pg15 check fix bench bench-server lock

help:
	@echo "make demo      start Préau with its demonstration (PORT=8000 VAR=var)"
	@echo "make test      run every test, a browser included (ARGS='…' for pytest)"
	@echo "make check     style, types, imports, migrations, locks: all that CI checks"
	@echo "make fix       put the code in its form"
	@echo "make bench     build a country and measure on it (SPACES=20000 BOOKINGS=100 ONLY=reads.search)"
	@echo "make bench-server  serve that country, until Ctrl-C"
	@echo "make test-pg15 the tests of data and concurrency on a PostgreSQL 15"
	@echo "make lock      renew requirements/*.lock (maintainers; needs uv)"

demo:
	$(OPS) demo --port "$(PORT)" --var "$(VAR)"

test:
	$(OPS) test -- $(ARGS)

test-pg15:
	$(OPS) test-pg15 -- $(ARGS)

check:
	$(OPS) check

fix:
	$(OPS) fix

bench:
	$(OPS) bench $(COUNTRY) -- $(ONLY) $(ARGS)

bench-server:
	$(OPS) bench-server $(COUNTRY) -- $(ONLY)

lock:
	$(OPS) lock
