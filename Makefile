# `make demo`, then `make story`; `make test`. Each makes its own environment in .venv first.

.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV := .venv
PY := $(VENV)/bin/python
V2 := .venv-v2
ENGINES := .venv-engines
WAREHOUSES := .venv-warehouses
BIGQUERY := .venv-bigquery
CONSUMER := integration_tests/projects/empty_company
DATABASE := demo/plr_demo.duckdb
EVENTS := 1e7
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

# the first of these that is Python 3.11; override with `make PYTHON=/path/to/python3.11 ...`
PYTHON ?= $(firstword $(foreach name,python3.11 python3 python,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo $(name))))

# what a build reads: folders too, so that a file taken away counts as a change
PACKAGE := dbt_project.yml $(shell find models macros seeds tests analyses 2>/dev/null)
DEMO := $(shell find demo -maxdepth 1 -name '*.yml') \
	$(shell find demo/models demo/macros demo/seeds demo/tests demo/snapshots 2>/dev/null)

.PHONY: help demo story test test-engines lint bench clean pin FORCE

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: demo/target/.built ## build the demo company on DuckDB and print what it shows
	@$(PY) demo/summary.py

story: $(VENV)/.installed ## print one account of the demo in order: make story ACCOUNT=ws_0206
	@$(PY) demo/story.py "$(ACCOUNT)"

test: $(VENV)/.installed-test $(V2)/.installed $(ENGINES)/.installed ## run the tests, the style check among them
	@$(PY) scripts/install_packages.py . $(CONSUMER) demo
	@cd integration_tests && ../$(PY) -m pytest -m "not heavy and not last"

test-engines: $(VENV)/.installed-test $(ENGINES)/.installed $(WAREHOUSES)/.installed \
		$(BIGQUERY)/.installed ## run the tests that take long: Spark and the other warehouses
	@$(PY) scripts/install_packages.py . $(CONSUMER) demo
	@cd integration_tests && ../$(PY) -m pytest -m heavy
	@cd integration_tests && ../$(PY) -m pytest -n 0 -m last

lint: $(VENV)/.installed-test ## check the style of the SQL and of the other files
	@$(PY) scripts/install_packages.py . $(CONSUMER) demo
	@$(PY) scripts/lint.py

bench: $(VENV)/.installed ## measure against hand-written SQL: make bench EVENTS=1e6, 1e7, 1e8 ...
	@$(PY) benchmarks/bench.py $(EVENTS)

clean: ## remove everything that was made here
	rm -rf $(VENV) $(V2) $(ENGINES) $(WAREHOUSES) $(BIGQUERY) $(DATABASE) $(DATABASE).wal
	rm -rf demo/data benchmarks/data
	rm -rf .ruff_cache .pytest_cache integration_tests/.pytest_cache integration_tests/.hypothesis
	rm -rf $(foreach project,. demo integration_tests $(CONSUMER),$(addprefix $(project)/,target logs \
		dbt_packages package-lock.yml))
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

pin: $(VENV)/.installed-test ## choose the requirements' versions anew
	@$(PY) scripts/pin_requirements.py

# --- environments ---------------------------------------------------------------------------

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt requirements-uv.txt | $(PY)
	@echo "installing requirements.txt into $(VENV)"
	@$(PY) scripts/install_requirements.py requirements.txt
	@touch $@

$(VENV)/.installed-test: requirements-test.txt requirements-uv.txt | $(PY)
	@echo "installing requirements-test.txt into $(VENV)"
	@$(PY) scripts/install_requirements.py requirements-test.txt
	@touch $@ $(VENV)/.installed

# the tests that need the v2 engine are skipped where its wheel, or its DuckDB, cannot be had
$(V2)/.installed: requirements-v2.txt scripts/install_v2_driver.py
	@echo "installing requirements-v2.txt into $(V2)"
	@test -x $(V2)/bin/python || $(PYTHON) -m venv $(V2)
	@$(V2)/bin/python scripts/install_requirements.py requirements-v2.txt \
		|| echo "the v2 engine cannot be installed here: its tests are skipped"
	@$(V2)/bin/python scripts/install_v2_driver.py
	@touch $@

# the tests that need an engine are skipped where it cannot be had, but not in CI
$(ENGINES)/.installed: requirements-engines.txt requirements-uv.txt | $(PY)
	@echo "installing requirements-engines.txt into $(ENGINES)"
	@test -x $(ENGINES)/bin/python || $(PYTHON) -m venv $(ENGINES)
	@$(ENGINES)/bin/python scripts/install_requirements.py requirements-engines.txt \
		|| echo "the engines cannot be installed here: their tests are skipped"
	@$(PY) scripts/install_engine_programs.py
	@touch $@

$(WAREHOUSES)/.installed $(BIGQUERY)/.installed: .venv-%/.installed: requirements-%.txt | $(PY)
	@echo "installing requirements-$*.txt into .venv-$*"
	@test -x .venv-$*/bin/python || $(PYTHON) -m venv .venv-$*
	@.venv-$*/bin/python scripts/install_requirements.py requirements-$*.txt \
		|| echo "requirements-$*.txt cannot be installed here: its tests are skipped"
	@touch $@

# --- dbt packages, and the demo --------------------------------------------------------------

# always asked, changed only when the packages change
demo/dbt_packages/.installed: $(VENV)/.installed FORCE
	@$(PY) scripts/install_packages.py demo

# the generator writes only when the data is missing or its own code changed
demo/data: $(VENV)/.installed FORCE
	@$(PY) demo/generate.py

demo/target/.built: demo/dbt_packages/.installed demo/data $(wildcard demo/data/*) $(PACKAGE) $(DEMO) \
		$(if $(wildcard $(DATABASE)),,FORCE)
	@cd demo && ../$(VENV)/bin/dbt build --profiles-dir .
	@touch $@
