{#- The last included whole UTC day, as 'YYYY-MM-DD': var plr_as_of_date, else yesterday. -#}
{% macro plr_as_of_date() %}
    {%- set given = var('plr_as_of_date') -%}
    {%- if given is none -%}
        {{ return((run_started_at - modules.datetime.timedelta(days=1)).strftime('%Y-%m-%d')) }}
    {%- elif not modules.re.match('^\\d{4}-\\d{2}-\\d{2}$', given | string) -%}
        {{ exceptions.raise_compiler_error(
            "product_led_revenue: var plr_as_of_date is '" ~ given ~ "'; write it as YYYY-MM-DD."
        ) }}
    {%- endif -%}
    {{ return(given | string) }}
{% endmacro %}


{#- The as-of day as a SQL date. -#}
{% macro plr_as_of() -%}
    cast('{{ plr_as_of_date() }}' as date)
{%- endmacro %}


{#- First of the last month that is complete at the as-of day, as a SQL date. -#}
{% macro plr_last_complete_month() %}
    {%- set day_after = modules.datetime.datetime.strptime(plr_as_of_date(), '%Y-%m-%d')
        + modules.datetime.timedelta(days=1) -%}
    {%- set month_before = day_after.replace(day=1) - modules.datetime.timedelta(days=1) -%}
    {{ return("cast('" ~ month_before.strftime('%Y-%m-01') ~ "' as date)") }}
{% endmacro %}


{#- Whether a date or timestamp lies after the as-of day. -#}
{% macro plr_is_after_as_of(column) -%}
    cast({{ column }} as date) > {{ plr_as_of() }}
{%- endmacro %}


{#- First of the month of a date or timestamp, as a date. -#}
{% macro plr_month_of(column) -%}
    cast({{ dbt.date_trunc('month', 'cast(' ~ column ~ ' as date)') }} as date)
{%- endmacro %}


{#- How many months' ends lie between two dates: warehouses differ where days are not the first. -#}
{% macro plr_months_between(first, last) -%}
    cast(
        12 * (extract(year from {{ last }}) - extract(year from {{ first }}))
        + extract(month from {{ last }}) - extract(month from {{ first }}) as int
    )
{%- endmacro %}


{#- A date moved by whole days or months (month ends clamp: 31 Jan + 1 month = 28 Feb). -#}
{% macro plr_date_add(datepart, interval, column) -%}
    cast({{ dbt.dateadd(datepart, interval, column) }} as date)
{%- endmacro %}


{#-
    Microseconds since 1970 as an integer: exact, comparable and portable where interval arithmetic
    is not. Columns in it end in `_us`.
-#}
{% macro plr_micros(column) -%}
    {{ return(adapter.dispatch('plr_micros', 'product_led_revenue')(column)) }}
{%- endmacro %}

{% macro default__plr_micros(column) -%}
    cast(extract(epoch from cast({{ column }} as {{ dbt.type_timestamp() }})) * 1000000 as bigint)
{%- endmacro %}

{% macro duckdb__plr_micros(column) -%}
    epoch_us(cast({{ column }} as timestamp))
{%- endmacro %}

{% macro spark__plr_micros(column) -%}
    unix_micros(cast({{ column }} as timestamp))
{%- endmacro %}

{% macro bigquery__plr_micros(column) -%}
    unix_micros(cast({{ column }} as timestamp))
{%- endmacro %}

{% macro snowflake__plr_micros(column) -%}
    date_part(epoch_microsecond, cast({{ column }} as timestamp_ntz))
{%- endmacro %}

{% macro redshift__plr_micros(column) -%}
    datediff(microsecond, cast('1970-01-01' as timestamp), cast({{ column }} as timestamp))
{%- endmacro %}

{% macro trino__plr_micros(column) -%}
    cast(round(to_unixtime(cast({{ column }} as timestamp)) * 1000000) as bigint)
{%- endmacro %}


{#- The timestamp of an integer of microseconds since 1970. -#}
{% macro plr_from_micros(column) -%}
    {{ return(adapter.dispatch('plr_from_micros', 'product_led_revenue')(column)) }}
{%- endmacro %}

{% macro default__plr_from_micros(column) -%}
    cast('1970-01-01' as {{ dbt.type_timestamp() }}) + ({{ column }}) * interval '1 microsecond'
{%- endmacro %}

{% macro duckdb__plr_from_micros(column) -%}
    make_timestamp({{ column }})
{%- endmacro %}

{% macro spark__plr_from_micros(column) -%}
    timestamp_micros({{ column }})
{%- endmacro %}

{% macro bigquery__plr_from_micros(column) -%}
    timestamp_micros({{ column }})
{%- endmacro %}

{% macro snowflake__plr_from_micros(column) -%}
    to_timestamp_ntz({{ column }}, 6)
{%- endmacro %}

{#- in two steps: so many microseconds are too many for its integer -#}
{% macro redshift__plr_from_micros(column) -%}
    dateadd(
        microsecond,
        cast(mod({{ column }}, 1000000) as int),
        dateadd(
            second, cast(({{ column }}) / 1000000 as int), cast('1970-01-01' as timestamp)
        )
    )
{%- endmacro %}

{#- Trino's plain timestamp keeps milliseconds: cut off, since rounding could reach the next day -#}
{% macro trino__plr_from_micros(column) -%}
    cast(at_timezone(from_unixtime_nanos(({{ column }}) / 1000 * 1000000), 'UTC') as timestamp)
{%- endmacro %}


{#- A number of days in microseconds. -#}
{% macro plr_days_us(days) -%}
    cast({{ days }} as bigint) * 86400000000
{%- endmacro %}


{#- A time before every other, in microseconds: the first instant of year 1000. -#}
{% macro plr_always_us() -%}
    -30610224000000000
{%- endmacro %}


{#- A time after every other, in microseconds: the end of a window without an end. -#}
{% macro plr_forever_us() -%}
    9000000000000000000
{%- endmacro %}
