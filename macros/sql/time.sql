{#- The last included whole UTC day, as 'YYYY-MM-DD': var plr_as_of_date, else yesterday. -#}
{% macro plr_as_of_date() %}
    {%- set given = plr_var('plr_as_of_date') -%}
    {%- if given is none -%}
        {{ return((run_started_at - modules.datetime.timedelta(days=1)).strftime('%Y-%m-%d')) }}
    {%- endif -%}
    {{ return(given) }}
{% endmacro %}


{#- The as-of day as a SQL date. -#}
{% macro plr_as_of() -%}
    cast('{{ plr_as_of_date() }}' as date)
{%- endmacro %}


{#- First of the last month that is complete on a day, at first the as-of day, as a SQL date. -#}
{% macro plr_last_complete_month(last_day=none) %}
    {%- set day_after = modules.datetime.datetime.strptime(last_day or plr_as_of_date(), '%Y-%m-%d')
        + modules.datetime.timedelta(days=1) -%}
    {%- set month_before = day_after.replace(day=1) - modules.datetime.timedelta(days=1) -%}
    {{ return("cast('" ~ month_before.strftime('%Y-%m-01') ~ "' as date)") }}
{% endmacro %}


{#- Revenue's last day, as 'YYYY-MM-DD': the earlier of as-of and plr_revenue_complete_through. -#}
{% macro plr_revenue_as_of_date() %}
    {%- set given = plr_var('plr_revenue_complete_through') -%}
    {%- if given is none -%}
        {{ return(plr_as_of_date()) }}
    {%- endif -%}
    {{ return([given | string, plr_as_of_date()] | min) }}
{% endmacro %}


{#- Whether a date or timestamp lies after a day, 'YYYY-MM-DD', at first the as-of day. -#}
{% macro plr_is_after_as_of(column, last_day=none) -%}
    cast({{ column }} as date) > cast('{{ last_day or plr_as_of_date() }}' as date)
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


{#- A time moved by whole months, in microseconds: its date moves, its time of day stays. -#}
{% macro plr_months_later_us(months, date_column, us_column) -%}
    {{ plr_micros(plr_date_add('month', months, date_column)) }}
    + {{ us_column }} - {{ plr_micros(date_column) }}
{%- endmacro %}


{#-
    n, where two times lie n months apart: counted from the one or back from the other, give or take
    a tolerance, which may reach into the next month or the one before; else null.
-#}
{% macro plr_whole_months_of(
    calendar_months, first_date, first_us, last_date, last_us, tolerance
) -%}
case
{%- for n in [calendar_months, calendar_months ~ ' + 1', calendar_months ~ ' - 1'] %}
    when
        {{ n }} > 0
        and (
            abs({{ plr_months_later_us(n, first_date, first_us) }} - {{ last_us }})
            <= {{ tolerance }}
            or abs({{ plr_months_later_us('-(' ~ n ~ ')', last_date, last_us) }} - {{ first_us }})
            <= {{ tolerance }}
        )
        then {{ n }}
{%- endfor %}
end
{%- endmacro %}


{#- A time of an end, exclusive: one in the last second of a day is the next midnight. -#}
{% macro plr_end_of(column) -%}
    {%- set day = 'cast(' ~ column ~ ' as date)' -%}
    case
        when
            {{ plr_micros(column) }} - {{ plr_micros(day) }} >= 86399000000
            and {{ day }} < cast('9999-12-31' as date)
            then cast({{ plr_date_add('day', 1, day) }} as {{ dbt.type_timestamp() }})
        else {{ column }}
    end
{%- endmacro %}


{#- A time some months later: by whole months, then by a part of the month that follows. -#}
{% macro plr_months_after(column, months) -%}
    {%- set day = 'cast(' ~ column ~ ' as date)' -%}
    {%- set whole = 'cast(floor(' ~ months ~ ') as int)' -%}
    {{ plr_from_micros(
        plr_months_later_us(whole, day, plr_micros(column))
        ~ ' + cast((' ~ months ~ ' - floor(' ~ months ~ ')) * 1000000 as bigint) * '
        ~ dbt.datediff(
            plr_date_add('month', whole, day), plr_date_add('month', whole ~ ' + 1', day), 'day'
        ) ~ ' * 86400'
    ) }}
{%- endmacro %}


{#- How many days a length in microseconds comes to, to the nearest: clocks change by an hour. -#}
{% macro plr_whole_days(length_us) -%}
    cast(floor({{ plr_divided(length_us ~ ' + 43200000000', '86400000000') }}) as bigint)
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
