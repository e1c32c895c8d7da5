{#-
    How the incremental models are kept, a month at a time: what replaces a month in each warehouse,
    and the partitions, cluster and sort keys it has. Override any of it in your dbt_project.yml.
-#}
{% macro plr_by_month() %}
    {{ return(adapter.dispatch('plr_by_month', 'product_led_revenue')()) }}
{% endmacro %}

{% macro default__plr_by_month() %}
    {{ return({
        'incremental_strategy': 'delete+insert',
        'unique_key': 'event_month',
        'on_schema_change': 'fail',
    }) }}
{% endmacro %}

{#-
    dbt v2's release candidate spells DuckDB's types in two ways and takes each column for changed;
    without the check, a column too many or too few is met by the models that read it.
-#}
{% macro duckdb__plr_by_month() %}
    {%- set core = product_led_revenue.default__plr_by_month() -%}
    {{ return(dict(core, on_schema_change='ignore') if dbt_version.startswith('2.') else core) }}
{% endmacro %}

{% macro snowflake__plr_by_month() %}
    {{ return(dict(
        product_led_revenue.default__plr_by_month(), cluster_by=['event_month']
    )) }}
{% endmacro %}

{% macro databricks__plr_by_month() %}
    {{ return(dict(
        product_led_revenue.default__plr_by_month(),
        liquid_clustered_by=['event_month', 'account_id']
    )) }}
{% endmacro %}

{% macro redshift__plr_by_month() %}
    {{ return(dict(
        product_led_revenue.default__plr_by_month(), sort='event_month', dist='account_id'
    )) }}
{% endmacro %}

{#- Tables of Parquet files can't delete rows: their partitions are overwritten. -#}
{% macro spark__plr_by_month() %}
    {{ return({
        'incremental_strategy': 'insert_overwrite',
        'partition_by': ['event_month'],
        'on_schema_change': 'fail',
    }) }}
{% endmacro %}

{% macro bigquery__plr_by_month() %}
    {{ return({
        'incremental_strategy': 'insert_overwrite',
        'partition_by': {'field': 'event_month', 'data_type': 'date', 'granularity': 'month'},
        'cluster_by': ['account_id'],
        'on_schema_change': 'fail',
    }) }}
{% endmacro %}
