{#- Without a warehouse to ask, incremental models count as built, but for --full-refresh. -#}
{% macro is_incremental() %}
    {%- if flags.INTROSPECT is false -%}
        {{ return(model.config.materialized == 'incremental' and not flags.FULL_REFRESH) }}
    {%- endif -%}
    {{ return(dbt.is_incremental()) }}
{% endmacro %}


{#- Databricks asks the cluster which functions it has; every current runtime has these two. -#}
{% macro databricks__dateadd(datepart, interval, from_date_or_timestamp) %}
    timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }})
{% endmacro %}

{% macro databricks__datediff(first_date, second_date, datepart) %}
    {%- set first = dbt.date_trunc(datepart, first_date) -%}
    {%- set second = dbt.date_trunc(datepart, second_date) -%}
    timestampdiff({{ datepart }}, {{ first }}, {{ second }})
{% endmacro %}
