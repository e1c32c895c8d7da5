{#-
    How the incremental models are kept, a month at a time: what replaces a month in each warehouse,
    and the partitions, cluster and sort keys it has. Override any of it in your dbt_project.yml.
-#}
{% macro plr_by_month(looked_up_by='account_id') %}
    {{ return(adapter.dispatch('plr_by_month', 'product_led_revenue')(looked_up_by)) }}
{% endmacro %}

{% macro default__plr_by_month(looked_up_by) %}
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
{% macro duckdb__plr_by_month(looked_up_by) %}
    {%- set core = product_led_revenue.default__plr_by_month(looked_up_by) -%}
    {{ return(dict(core, on_schema_change='ignore') if dbt_version.startswith('2.') else core) }}
{% endmacro %}

{% macro snowflake__plr_by_month(looked_up_by) %}
    {{ return(dict(
        product_led_revenue.default__plr_by_month(looked_up_by), cluster_by=['event_month']
    )) }}
{% endmacro %}

{% macro databricks__plr_by_month(looked_up_by) %}
    {{ return(dict(
        product_led_revenue.default__plr_by_month(looked_up_by),
        liquid_clustered_by=['event_month', looked_up_by]
    )) }}
{% endmacro %}

{% macro redshift__plr_by_month(looked_up_by) %}
    {{ return(dict(
        product_led_revenue.default__plr_by_month(looked_up_by),
        sort='event_month',
        dist=looked_up_by
    )) }}
{% endmacro %}

{#- Tables of Parquet files can't delete rows: their partitions are overwritten. -#}
{% macro spark__plr_by_month(looked_up_by) %}
    {{ return({
        'incremental_strategy': 'insert_overwrite',
        'partition_by': ['event_month'],
        'on_schema_change': 'fail',
    }) }}
{% endmacro %}

{% macro bigquery__plr_by_month(looked_up_by) %}
    {{ return({
        'incremental_strategy': 'insert_overwrite',
        'partition_by': {'field': 'event_month', 'data_type': 'date', 'granularity': 'month'},
        'cluster_by': [looked_up_by],
        'on_schema_change': 'fail',
    }) }}
{% endmacro %}
