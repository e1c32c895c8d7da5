{#-
    A time as an interval [lo, hi] in microseconds: a timestamp is one instant, a date-only value
    the whole day, local by `offset_minutes` (local minus UTC).
-#}
{% macro plr_lo_us_of(column, is_date_only, offset_minutes=0) -%}
    case
        when {{ is_date_only }}
            then {{ plr_micros('cast(' ~ column ~ ' as date)') }} - {{ offset_minutes * 60000000 }}
        else {{ plr_micros(column) }}
    end
{%- endmacro %}

{% macro plr_hi_us_of(column, is_date_only, offset_minutes=0) -%}
    case
        when {{ is_date_only }}
            then
                {{ plr_micros('cast(' ~ column ~ ' as date)') }} - {{ offset_minutes * 60000000 }}
                + {{ plr_days_us(1) }} - 1
        else {{ plr_micros(column) }}
    end
{%- endmacro %}


{#- CRM midnight stamps without a stated precision are dates, not times. -#}
{% macro plr_is_only_a_date(column, precision='cast(null as ' ~ dbt.type_string() ~ ')') -%}
    (
        coalesce({{ precision }}, '') = 'date'
        or (
            {{ precision }} is null
            and {{ column }} = cast(cast({{ column }} as date) as {{ dbt.type_timestamp() }})
        )
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
