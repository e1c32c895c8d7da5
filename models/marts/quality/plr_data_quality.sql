with

counts as (
    select * from {{ ref('int_plr__quality_counts') }}
),

final as (
    select
        relation,
        code,
        kind,
        cast(rows_in as bigint) as rows_in,
        cast(valid_rows as bigint) as valid_rows,
        cast(n_rows as bigint) as {{ adapter.quote('rows') }},
        share,
        case
            when code = 'valid' then 'ok'
            when code in ('merge_cycle', 'missing_fx', 'missing_snapshot_month') then 'fail'
            when
                kind = 'structural'
                and relation in ('accounts', 'product_events', 'revenue')
                and share > {{ var('plr_structural_fail_share') }}
                then 'fail'
            when
                kind = 'structural' and share > {{ var('plr_structural_warn_share') }}
                then 'warn'
            when
                code in (
                    'stale_feed',
                    'tracking_break',
                    'empty_feed',
                    'revenue_break',
                    'ends_look_inclusive'
                )
                then 'warn'
            when
                code = 'rejected_money' and share > {{ var('plr_rejected_money_warn_share') }}
                then 'warn'
            when
                code = 'overlapping_period' and share > {{ var('plr_overlap_low_share') }}
                then 'warn'
            when code = 'unknown_word' and share > {{ var('plr_unknown_word_share') }} then 'warn'
            when
                kind in ('identity', 'duplicate')
                and code <> 'anonymous_event'
                and share > {{ var('plr_identity_low_share') }}
                then 'warn'
            else 'info'
        end as severity,
        what_to_do,
        detail
    from counts
)

select * from final
