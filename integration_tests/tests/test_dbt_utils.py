"""dbt_utils does what the package relies on, whichever copy is installed: stand-in or real."""

from __future__ import annotations

from pathlib import Path

from harness import Project

BOUNDS = (1, 2, 10, 11, 100, 101, 256, 1234)
SERIES = "select {bound} as bound, generated_number, typeof(generated_number) as type from ({sql})"
UNIQUE = {
    "models": [
        {
            "name": name,
            "data_tests": [
                {
                    "dbt_utils.unique_combination_of_columns": {
                        "arguments": {"combination_of_columns": ["a", "b"]}
                    }
                }
            ],
        }
        for name in ("pairs_once", "pairs_twice")
    ]
}


def test_series_and_unique_combinations(tmp_path: Path) -> None:
    series = [
        SERIES.format(bound=bound, sql=f"{{{{ dbt_utils.generate_series({bound}) }}}}")
        for bound in BOUNDS
    ]
    pairs = "select * from (values (1, 1), (1, 2), (2, 1), (2, {last})) as pairs (a, b)"
    project = Project(
        tmp_path,
        {"accounts": []},
        models={
            "series.sql": "\nunion all\n".join(series),
            "pairs_once.sql": pairs.format(last=2),
            "pairs_twice.sql": pairs.format(last=1),
        },
    )
    project.write("models/unique.yml", UNIQUE)

    result = project.dbt("build", "--select", "series", "pairs_once", "pairs_twice")

    statuses = {key.split(".")[2]: status for key, status in result.statuses.items()}
    for name, status in statuses.items():
        expected = "success" if "unique" not in name else "fail" if "twice" in name else "pass"
        assert status == expected, f"{name}: {status}\n{result.output}"
    assert len(statuses) == 5, result.output

    rows = project.mart("series")
    for bound in BOUNDS:
        numbers = sorted(row["generated_number"] for row in rows if row["bound"] == bound)
        assert numbers == list(range(1, bound + 1))
    # the real one counts in floats: a model that forgets to cast must fail with either
    assert {row["type"] for row in rows} == {"DOUBLE"}
