{#-
    Unit tests compare rows as text. In Postgres a number that has gone through `case`, `sum` or
    `lag` has no scale of its own, and 10 is not 10.000000 in text: here both sides lose the zeros
    at the end.
-#}
{% macro postgres__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {%- set columns -%}
        {%- for name in expected_column_names %}
        case
            when cast(pg_typeof({{ name }}) as text) = 'numeric'
                then regexp_replace(cast({{ name }} as text), '(\.0+|(\.[0-9]*[1-9])0+)$', '\2')
            else cast({{ name }} as text)
        end as {{ name }}
            {{- ', ' if not loop.last }}
        {%- endfor %}
    {%- endset -%}
    with dbt_internal_unit_test_actual as (
        {{ main_sql }}
    ),
    dbt_internal_unit_test_expected as (
        {{ expected_fixture_sql }}
    )
    select
        {{ columns }},
        'actual' as actual_or_expected
    from dbt_internal_unit_test_actual
    union all
    select
        {{ columns }},
        'expected' as actual_or_expected
    from dbt_internal_unit_test_expected
{%- endmacro %}
