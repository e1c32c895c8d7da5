"""`make trace` finds where each column of a mart is made, and the inputs that it is made of."""

from __future__ import annotations

import re

import pytest

from harness import EMPTY_COMPANY, ROOT, run_dbt
from trace_column import Column, Lineage, Query, item, main

WORD = re.compile(r"\w+")
READ = {"calls": ["account_id", "team", "minutes"], "people": ["account_id", "name"]}


@pytest.fixture(scope="module")
def lineage(tmp_path_factory: pytest.TempPathFactory) -> Lineage:
    """Of the package, compiled for the company that has every input."""
    target = tmp_path_factory.mktemp("compiled")
    result = run_dbt(
        EMPTY_COMPANY,
        *("compile", "--target", "lint", "--target-path", str(target)),
        *("--select", "package:product_led_revenue,resource_type:model"),
    )
    assert result.ok, result.output
    return Lineage(target)


def of_marts(lineage: Lineage) -> list[Column]:
    return [column for column in lineage.steps if column.model.startswith("plr_")]


def test_each_column_of_a_mart_leads_to_an_input(lineage: Lineage) -> None:
    found = [str(column) for column in of_marts(lineage) if not lineage.inputs(column)[1]]
    assert not found, "\n".join(found)
    assert len(of_marts(lineage)) > 500


def test_each_place_is_found_in_its_file(lineage: Lineage) -> None:
    lost, at_its_name = [], 0
    for column, step in lineage.steps.items():
        file, _ = lineage.place(column)
        name, _, number = file.partition(":")
        if not number:
            lost.append(f"{column} in {name}")
            continue
        line = (ROOT / name).read_text().splitlines()[int(number) - 1]
        names = {column.name, *(made for _, made in step.made)}
        at_its_name += bool(names & set(WORD.findall(line)))
        assert names & set(WORD.findall(line)) or line.strip().endswith(" as (")
    assert not lost, "\n".join(lost)
    assert at_its_name > 0.85 * len(lineage.steps)


def test_a_model_describes_the_columns_that_it_has(lineage: Lineage) -> None:
    found = [
        f"{model}: {', '.join(sorted(odd))}"
        for model, columns in lineage.columns.items()
        if (odd := set(columns) ^ set(lineage.models[model]["columns"]))
    ]
    assert not found, "\n".join(found)


def test_a_definition_is_named(lineage: Lineage) -> None:
    told = "\n".join(lineage.story(Column("plr_account_origin", "origin")))
    assert "int_plr__origins.origin (models/intermediate/origin/int_plr__origins.sql:" in told
    assert "defined by plr_origin_of, macros/definitions/origin.sql:" in told
    assert "crm_activities: " in told


@pytest.mark.parametrize(
    ("sql", "sources", "is_made"),
    [
        ("select team as x from calls", {"calls.team"}, False),
        ("select cast(coalesce(minutes, 0) as int) as x from calls", {"calls.minutes"}, False),
        ("with a as (select * from calls) select a.team as x from a", {"calls.team"}, False),
        ("select coalesce(minutes, account_id) as x from calls", "minutes account_id", True),
        (
            "with a as (select upper(team) as t from calls) select t as x from a",
            {"calls.team"},
            True,
        ),
        ("select team as x from calls union all select name from people", None, False),
        ("select team as x from calls union all select upper(name) from people", None, True),
        ("select 'call' as x from calls", set(), True),
        ("select count(*) as x from calls", {"rows of calls"}, True),
        (
            "with a as (select team, 1 as n from calls) select sum(n) as x from a",
            {"rows of calls"},
            True,
        ),
        (
            "with a as (select * from calls union all select *, 1 from people) "
            "select count(*) as x from a",
            {"rows of calls", "rows of people"},
            True,
        ),
        (
            "select sum(minutes) over (partition by account_id order by team) as x from calls",
            "minutes team",
            True,
        ),
        ("select case when c.team = 'a' then p.name end as x from calls c, people p", None, True),
    ],
)
def test_a_value_is_followed(sql: str, sources: set[str] | str | None, is_made: bool) -> None:
    if sources is None:
        sources = {"calls.team", "people.name"}
    elif isinstance(sources, str):
        sources = {f"calls.{name}" for name in sources.split()}
    step = Query(sql, READ).steps()["x"]
    assert {str(column) for column in step.sources} == sources
    assert bool(step.made) is is_made


def test_an_item_ends_with_its_name() -> None:
    lines = (
        "with\n\nfinal as (\n    select\n        a.b,\n        {{ plr_x(\n            'b',\n"
        "            'c'\n        ) }} as c,\n        sum(\n            a.c\n        ) as d\n"
    ).splitlines()
    assert item(lines, "final", "b") == (5, lines[4:5])
    assert item(lines, "final", "c") == (9, lines[5:9])
    assert item(lines, "final", "d") == (12, lines[9:12])
    assert item(lines, "final", "e") == (3, [])
    assert item(lines, "other", "b") is None


def test_a_name_alone_names_the_models_that_have_it(
    lineage: Lineage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("trace_column.Lineage", lambda: lineage)
    assert main("churn_mrr") == 1
    assert "  plr_mrr_movements.churn_mrr\n" in capsys.readouterr().out
    assert main("plr_mrr_movements.chrun_mrr") == 1
    assert "  plr_mrr_movements.churn_mrr\n" in capsys.readouterr().out
    assert main("plr_mrr_movements.churn_mrr") == 0
    assert "int_plr__mrr_movements.churn_mrr" in capsys.readouterr().out
