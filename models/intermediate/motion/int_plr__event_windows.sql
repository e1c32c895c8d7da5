-- from when to when to look for who started a revenue event or won a deal
{%- set window_days = {
    'conversion': var('plr_conversion_window_days'),
    'expansion': var('plr_expansion_window_days'),
    'retention': var('plr_retention_window_days'),
    'reactivation': var('plr_reactivation_window_days'),
} %}

with

numbered as (
    select
        *,
        is_too_small or subject_type = 'term' as is_bystander,
        coalesce(
            won_deal_number,
            row_number() over (
                partition by account_id, chain
                order by month, event_date, {{ plr_in_byte_order('subject_id') }}
            )
        ) as event_number
    from {{ ref('int_plr__motion_subjects') }}
),

last_churns as (
    select
        numbered.subject_type,
        numbered.subject_id,
        max(churns.movement_date) as churn_date
    from numbered
    inner join {{ ref('int_plr__movement_days') }} as churns
        on
            numbered.account_id = churns.account_id
            and numbered.month > churns.month
            and churns.movement_type = 'churn'
    where numbered.stage = 'reactivation'
    group by 1, 2
),

stage_days as (
    {% for stage, days in window_days.items() %}
        select
            '{{ stage }}' as stage,
            cast({{ 'null' if days is none else days }} as int) as days
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- an account's first deal looks back without end
window_terms as (
    select
        numbered.*,
        last_churns.churn_date,
        sum(case when numbered.is_bystander then 0 else 1 end) over (
            partition by numbered.account_id, numbered.chain
            order by numbered.event_number
            rows between unbounded preceding and current row
        ) as events_so_far,
        {{ plr_date_add('day', var('plr_window_days_after'), 'numbered.event_date') }}
            as window_end,
        case
            when numbered.chain <> 'deal' or numbered.event_number > 1
                then {{ plr_date_add('day', '-stage_days.days', 'numbered.event_date') }}
        end as earliest_date
    from numbered
    inner join stage_days
        on numbered.stage = stage_days.stage
    left join last_churns
        on
            numbered.subject_type = last_churns.subject_type
            and numbered.subject_id = last_churns.subject_id
),

-- one touch explains one event: a window begins where the one before it ended; bystanders, what is
-- too small and terms without an event, end none
window_starts as (
    select
        *,
        nullif(
            greatest(
                coalesce(earliest_date, cast('0001-01-01' as date)),
                coalesce(
                    case
                        when is_bystander
                            then max(case when not is_bystander then window_end end) over (
                                partition by account_id, chain, events_so_far
                            )
                        else lag(window_end) over (
                            partition by account_id, chain, is_bystander
                            order by event_number
                        )
                    end,
                    cast('0001-01-01' as date)
                ),
                coalesce(churn_date, cast('0001-01-01' as date))
            ),
            cast('0001-01-01' as date)
        ) as window_start
    from window_terms
),

final as (
    select
        subject_type,
        chain,
        subject_id,
        stage,
        account_id,
        month,
        event_date,
        event_number,
        amount_mrr,
        is_auto_renew,
        is_too_small,
        is_bystander,
        churn_date,
        window_start,
        window_end,
        coalesce({{ plr_micros('window_start') }}, -{{ plr_forever_us() }}) as window_start_us,
        {{ plr_micros('window_end') }} as window_end_us
    from window_starts
)

select * from final
