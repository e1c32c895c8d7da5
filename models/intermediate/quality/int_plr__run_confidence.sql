{{ config(materialized='view') }}

with

counts as (
    select * from {{ ref('int_plr__quality_counts') }}
),

triggers as (
    select
        max(
            case
                when code = 'stale_feed' then 1
                when
                    code in ('unmapped_activity', 'contact_unmatched')
                    and share > {{ var('plr_identity_low_share') }}
                    then 1
                else 0
            end
        ) as is_low,
        max(
            case
                when structural_share > {{ var('plr_structural_warn_share') }} then 1
                when code = 'unknown_word' and share > {{ var('plr_unknown_word_share') }} then 1
                else 0
            end
        ) as is_medium,
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
        cast(unmapped_activity_share as {{ plr_share_type() }}) as unmapped_activity_share,
        case
            when is_low = 1 then 'low'
            when is_medium = 1 or '{{ plr_var("plr_revenue_shape") }}' = 'snapshots' then 'medium'
            else 'high'
        end as data_confidence
    from triggers
)

select * from final
