-- built last of the models that read events, so that a run cut short is read again
{{ config(materialized='table') }}
-- depends_on: {{ ref('int_plr__signal_events') }}
-- depends_on: {{ ref('int_plr__event_words') }}
-- depends_on: {{ ref('int_plr__signal_months') }}
-- depends_on: {{ ref('int_plr__rules_met') }}
-- depends_on: {{ ref('int_plr__usage_quarters') }}

with

final as (
    select
        kind,
        id,
        from_us,
        meaning
    from {{ ref('int_plr__event_meanings') }}
    union all
    select
        'month' as kind,
        cast(event_month as {{ dbt.type_string() }}) as id,
        coalesce(max(case when reject_code is null then last_us end), 0) as from_us,
        cast(sum(event_rows) as {{ dbt.type_string() }}) as meaning
    from {{ ref('int_plr__event_months') }}
    group by 1, 2
    union all
    select distinct
        'run' as kind,
        run_id as id,
        cast(0 as bigint) as from_us,
        cast(null as {{ dbt.type_string() }}) as meaning
    from {{ ref('int_plr__months_to_read') }}
)

select * from final
