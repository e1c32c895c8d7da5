# `make` lists the commands; each makes its own environment in .venv first.

.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV := .venv
PY := $(VENV)/bin/python
DBT := $(abspath $(VENV)/bin/dbt)
TOOLS := $(VENV)/.installed-test
ENGINES := .venv-engines/.installed
CHARTS := .venv-charts/.installed
OTHERS := $(patsubst requirements/%.txt,.venv-%/.installed,requirements/warehouses.txt \
	requirements/bigquery.txt requirements/charts.txt requirements/metrics.txt \
	$(wildcard requirements/dbt-*.txt))
CONSUMER := integration_tests/projects/empty_company
PROJECTS := . demo $(CONSUMER)
TRACE := $(CONSUMER)/target/trace
DATABASE := demo/plr_demo.duckdb
DIFFERENCES := tests/test_differential.py
EVENTS := 1e7
ACCOUNTS := 2e3
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

# the first of these that dbt and the pinned requirements support; `make PYTHON=/a/python ...` names
# another. 3.11 comes first since all tests run on it; on 3.10 DuckDB is an older one
PYTHONS := python3.11 python3.12 python3.13 python3.10 python3 python
SUPPORTED = -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))'
PYTHON ?= $(firstword $(foreach name,$(PYTHONS),$(shell \
	$(name) $(SUPPORTED) 2>/dev/null && echo $(name))))

# what a build reads: folders too, so that a file taken away counts as a change
PACKAGE := dbt_project.yml $(shell find models macros seeds tests analyses 2>/dev/null)
DEMO := $(shell find demo -maxdepth 1 -name '*.yml') \
	$(shell find demo/models demo/macros demo/seeds demo/tests demo/snapshots 2>/dev/null)

.PHONY: help demo report boards story docs trace unit diff lint hooks test test-engines proved bench \
	pin clean FORCE

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- to look at -----------------------------------------------------------------------------

demo: demo/target/.built ## build the demo company on DuckDB and print what it shows
	@$(PY) demo/summary.py

report: demo/target/.built $(CHARTS) ## render the demo's boards as pages that open from disk
	@$(PY) demo/report.py

boards: demo/target/.built $(CHARTS) ## serve the demo's boards, with filters to choose from
	@$(PY) demo/report.py serve

story: $(VENV)/.installed ## print one account of the demo in order: make story ACCOUNT=ws_0206
	@$(PY) demo/story.py "$(ACCOUNT)"

docs: demo/target/.built ## write the demo's documentation as one page that opens from disk
	@cd demo && $(DBT) --quiet docs generate --static --profiles-dir .
	@echo "Open demo/target/static_index.html in a browser."

trace: $(TRACE)/.compiled ## say where a column is made: make trace COLUMN=plr_mrr_movements.churn_mrr
	@$(PY) scripts/trace_column.py "$(COLUMN)"

bench: $(VENV)/.installed ## measure against hand-written SQL: make bench EVENTS=1e7 ACCOUNTS=2e3
	@$(PY) benchmarks/bench.py $(EVENTS) $(ACCOUNTS)

# --- while you work -------------------------------------------------------------------------

# what a model's unit tests need is built empty before them; no other test runs
unit: $(TOOLS) ## run unit tests: make unit MODEL=int_plr__origins, or several, or all without MODEL
	@$(PY) scripts/install_packages.py $(CONSUMER)
	@cd $(CONSUMER) && DBT_PLR_UNIT_TESTS=unit_tests \
		$(DBT) build --profiles-dir . --full-refresh \
		--warn-error-options '{"error": ["NoNodesForSelectionCriteria"]}' \
		$(if $(MODEL),--indirect-selection empty --select $(MODEL:%=+%) $(MODEL:%="*.%.*"), \
		--exclude test_type:data)

diff: $(TOOLS) ## compare SQL with the Python reference: make diff BUILD=periods, or several, or all
	@cd integration_tests && ../$(PY) -m pytest -n 0 \
		$(or $(BUILD:%="$(DIFFERENCES)::test_every_row_agrees[%]"),$(DIFFERENCES))

lint: $(TOOLS) ## check the style of every file
	@$(PY) scripts/install_packages.py $(PROJECTS)
	@$(PY) scripts/lint.py

hooks: $(TOOLS) ## check the files of every commit, before it is made
	@$(PY) scripts/install_packages.py $(PROJECTS)
	@$(PY) -m pre_commit install

# --- the whole ------------------------------------------------------------------------------

test: $(TOOLS) .venv-v2/.installed $(ENGINES) ## run the tests, the style check among them
	@$(PY) scripts/install_packages.py $(PROJECTS)
	@cd integration_tests && ../$(PY) -m pytest -m "not heavy and not last" $(TESTS)

test-engines: $(TOOLS) $(ENGINES) $(OTHERS) ## run what takes long: other warehouses, older dbt
	@$(PY) scripts/install_packages.py $(PROJECTS)
	@$(PY) scripts/install_browser.py
	@cd integration_tests && ../$(PY) -m pytest -m heavy $(TESTS)
	@$(if $(TESTS),,$(MAKE) --no-print-directory proved)

proved: $(TOOLS) ## compare docs/warehouses.md with what the tests proved; ends test-engines
	@cd integration_tests && ../$(PY) -m pytest -n 0 -m last

pin: $(TOOLS) ## choose the requirements' versions anew
	@$(PY) scripts/pin_requirements.py

clean: ## remove everything that was made here
	rm -rf .venv .venv-* demo/data demo/report benchmarks/data $(DATABASE) $(DATABASE).wal
	rm -rf .ruff_cache $(addprefix integration_tests/,.pytest_cache .hypothesis target)
	rm -rf $(foreach made,target logs dbt_packages package-lock.yml,$(PROJECTS:%=%/$(made)))
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments ---------------------------------------------------------------------------

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.10, 3.11, 3.12 or 3.13 is needed, and none was found as" \
		"$(PYTHONS). Name one: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) $(SUPPORTED) || { echo "$(PYTHON) is not Python 3.10, 3.11, 3.12 or 3.13"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/demo.txt requirements/uv.txt | $(PY)
	@echo "installing $< into $(VENV)"
	@$(PY) scripts/install_requirements.py $<
	@touch $@

$(TOOLS): requirements/test.txt requirements/uv.txt | $(PY)
	@echo "installing $< into $(VENV)"
	@$(PY) scripts/install_requirements.py $<
	@touch $@ $(VENV)/.installed

# what cannot be had for one of these is skipped by its tests, but not in CI
.venv-%/.installed: requirements/%.txt requirements/uv.txt | $(PY)
	@echo "installing $< into .venv-$*"
	@test -x .venv-$*/bin/python || $(PY) -m venv .venv-$*
	@.venv-$*/bin/python scripts/install_requirements.py $< \
		|| echo "$< cannot be installed here: its tests are skipped"
	@$(foreach script,$(filter scripts/%,$^),.venv-$*/bin/python $(script) &&) touch $@

.venv-v2/.installed: scripts/install_v2_driver.py
$(ENGINES): scripts/install_engine_programs.py

# --- dbt packages, and the demo --------------------------------------------------------------

# with all inputs and no rows, in memory: nothing is built
$(TRACE)/.compiled: $(VENV)/.installed $(PACKAGE) $(shell find $(CONSUMER)/models)
	@$(PY) scripts/install_packages.py $(CONSUMER)
	@cd $(CONSUMER) && $(DBT) --quiet compile --profiles-dir . --target lint \
		--target-path target/trace --select package:product_led_revenue,resource_type:model
	@touch $@

# always asked, changed only when the packages change
demo/dbt_packages/.installed: $(VENV)/.installed FORCE
	@$(PY) scripts/install_packages.py demo

# the generator writes only when the data is missing or its own code changed
demo/data: $(VENV)/.installed FORCE
	@$(PY) demo/generate.py

demo/target/.built: demo/dbt_packages/.installed demo/data $(wildcard demo/data/*) $(PACKAGE) $(DEMO) \
		$(if $(wildcard $(DATABASE)),,FORCE)
	@$(PY) demo/build.py
	@touch $@
