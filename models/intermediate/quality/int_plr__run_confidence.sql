{{ config(materialized='view') }}

with

counts as (
    select * from {{ ref('int_plr__quality_counts') }}
),

triggers as (
    {% for level, condition, reason in plr_confidence_triggers() %}
        select
            {{ loop.index }} as trigger_number,
            '{{ level }}' as data_confidence,
            '{{ reason }}' as reason
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- the worst that each row says
met as (
    select
        relation,
        case
            {% for level, condition, reason in plr_confidence_triggers() %}
                when {{ condition }} then {{ loop.index }}
            {% endfor %}
        end as trigger_number
    from counts
),

reasons as (
    select
        triggers.data_confidence,
        {{ dbt.concat(['met.relation', "': '", 'triggers.reason']) }} as confidence_reason,
        row_number() over (
            order by met.trigger_number, {{ plr_in_byte_order('met.relation') }}
        ) as reason_number
    from met
    inner join triggers
        on met.trigger_number = triggers.trigger_number
),

unmapped as (
    select
        1 as reason_number,
        max(
            case
                when relation = 'crm_activities' and code = 'unmapped_activity' then share
                when relation = 'crm_activities' and code = 'valid' and rows_in > 0 then 0
            end
        ) as unmapped_activity_share
    from counts
),

final as (
    select
        cast(unmapped.unmapped_activity_share as {{ plr_share_type() }})
            as unmapped_activity_share,
        coalesce(reasons.data_confidence, 'high') as data_confidence,
        coalesce(reasons.confidence_reason, 'nothing lowers it') as confidence_reason
    from unmapped
    left join reasons
        on unmapped.reason_number = reasons.reason_number
)

select * from final
