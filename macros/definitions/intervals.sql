{#-
    The CRM's local time minus UTC in minutes, the lesser and the greater: two where clocks change,
    so that a day is as long as doubt about it.
-#}
{% macro plr_crm_offsets() %}
    {%- set given = plr_var('plr_crm_utc_offset_minutes') -%}
    {{ return([given, given] if given is number else given | sort) }}
{% endmacro %}


{#-
    A time as an interval [lo, hi] in microseconds: a timestamp is one instant, a date-only value
    the whole day, local by `offsets` (local minus UTC, the lesser and the greater).
-#}
{% macro plr_lo_us_of(column, is_date_only, offsets=[0, 0]) -%}
    case
        when {{ is_date_only }}
            then {{ plr_local_day_us(column, offsets) }} - {{ offsets[1] * 60000000 }}
        else {{ plr_micros(column) }}
    end
{%- endmacro %}

{% macro plr_hi_us_of(column, is_date_only, offsets=[0, 0]) -%}
    case
        when {{ is_date_only }}
            then
                {{ plr_local_day_us(column, offsets) }} - {{ offsets[0] * 60000000 }}
                + {{ plr_days_us(1) }} - 1
        else {{ plr_micros(column) }}
    end
{%- endmacro %}


{#- The midnight of a date-only value's day: the day that begins with it where it is a local
    midnight, else its UTC date. -#}
{% macro plr_local_day_us(column, offsets) -%}
    {%- if offsets == [0, 0] -%}
        {{ plr_micros('cast(' ~ column ~ ' as date)') }}
    {%- else -%}
        case
            {%- for offset in offsets | unique %}
            when {{ plr_is_midnight(column, offset) }}
                then {{ plr_micros(column) }} + {{ offset * 60000000 }}
            {%- endfor %}
            else {{ plr_micros('cast(' ~ column ~ ' as date)') }}
        end
    {%- endif -%}
{%- endmacro %}


{#- Whether a time is 00:00:00 on a clock so many minutes ahead of UTC. -#}
{% macro plr_is_midnight(column, offset) -%}
    mod({{ plr_micros(column) }} + {{ offset * 60000000 }}, {{ plr_days_us(1) }}) = 0
{%- endmacro %}


{#- CRM midnight stamps, UTC's or local, without a stated precision are dates, not times. -#}
{% macro plr_is_only_a_date(
    column, offsets, precision='cast(null as ' ~ dbt.type_string() ~ ')'
) -%}
    coalesce(
        {{ plr_states_a_day(precision) }}
        or (
            {{ precision }} is null
            and (
                {%- for offset in ([0] + offsets) | unique %}
                {{ 'or ' if not loop.first }}{{ plr_is_midnight(column, offset) }}
                {%- endfor %}
            )
        ),
        false
    )
{%- endmacro %}


{#- From when on a feed is complete: the date somebody vouches for, else the feed's first row. -#}
{% macro plr_complete_from_us(vouched_date, first_us) -%}
    {%- if vouched_date is none -%}
        {{ first_us }}
    {%- else -%}
        {{ plr_micros("cast('" ~ vouched_date ~ "' as date)") }}
    {%- endif -%}
{%- endmacro %}
