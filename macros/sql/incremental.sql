{#-
    The months an incremental run rebuilds: those from the late-arrival window before the newest
    valid row on (all, while there is none), and the one that holds rows without a time.
    `newest_us` is this model's column.
-#}
{% macro plr_months_to_rebuild(newest_us) -%}
    {%- if is_incremental() -%}
    where
        event_month >= (
            select coalesce({{ plr_month_of(plr_from_micros(
                'max(' ~ newest_us ~ ') - ' ~ plr_days_us(var('plr_late_arrival_days'))
            )) }}, cast('1900-01-01' as date))
            from {{ this }}
            where reject_code is null
        )
        or event_month = cast('1900-01-01' as date)
    {%- endif -%}
{%- endmacro %}
