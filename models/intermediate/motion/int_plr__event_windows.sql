-- what is to be explained: revenue events and won deals, and from when to when to look
with

movements as (
    select
        movements.account_id,
        movements.month,
        months.month_end,
        {{ plr_date_add('month', -1, 'movements.month') }} as previous_month,
        movements.movement_type,
        movements.opening_mrr,
        movements.new_mrr + movements.expansion_mrr + movements.reactivation_mrr as amount_mrr
    from {{ ref('plr_mrr_movements') }} as movements
    inner join {{ ref('int_plr__months') }} as months
        on movements.month = months.month
    where movements.movement_type in ('new', 'expansion', 'reactivation', 'churn')
),

fx_rates as (
    select * from {{ ref('int_plr__fx_rates') }}
),

interval_ends as (
    select
        account_id,
        currency,
        valid_from as changed_on,
        mrr as change
    from {{ ref('int_plr__mrr_intervals') }}
    where mrr <> 0
    union all
    select
        account_id,
        currency,
        valid_to as changed_on,
        -mrr as change
    from {{ ref('int_plr__mrr_intervals') }}
    where mrr <> 0 and valid_to is not null
),

-- added up before they are converted: two rises of one size stay of one size
local_changes as (
    select
        account_id,
        currency,
        changed_on,
        sum(change) as change
    from interval_ends
    group by 1, 2, 3
),

-- what each day of a month with a movement added, at the rates of the month before
daily_changes as (
    select
        movements.account_id,
        movements.month,
        movements.movement_type,
        movements.opening_mrr,
        local_changes.changed_on,
        sum({{ plr_converted(
            'local_changes.change', 'coalesce(previous_rates.rate, fx_rates.rate)'
        ) }}) as change
    from movements
    inner join local_changes
        on
            movements.account_id = local_changes.account_id
            and movements.month = {{ plr_month_of('local_changes.changed_on') }}
    left join fx_rates as previous_rates
        on
            local_changes.currency = previous_rates.currency
            and movements.previous_month = previous_rates.month
    left join fx_rates
        on
            local_changes.currency = fx_rates.currency
            and movements.month = fx_rates.month
    where movements.movement_type <> 'new'
    group by 1, 2, 3, 4, 5
),

ranked_rises as (
    select
        account_id,
        month,
        changed_on,
        row_number() over (
            partition by account_id, month
            order by change desc, changed_on asc
        ) as rise_number
    from daily_changes
    where movement_type <> 'churn' and change > 0
),

daily_levels as (
    select
        account_id,
        month,
        changed_on,
        opening_mrr + sum(coalesce(change, 0)) over (
            partition by account_id, month
            order by changed_on
            rows between unbounded preceding and current row
        ) as level
    from daily_changes
    where movement_type = 'churn'
),

last_paying_days as (
    select
        account_id,
        month,
        max(case when level >= {{ var('plr_zero_mrr_band') }} then changed_on end) as paying_until
    from daily_levels
    group by 1, 2
),

-- the first day of those without MRR that reach the month's end; snapshots know no other day
churn_dates as (
    select
        last_paying_days.account_id,
        last_paying_days.month,
        {% if var('plr_revenue_shape') == 'snapshots' %}
            {{ dbt.last_day('last_paying_days.month', 'month') }} as churn_date
        {% else %}
            coalesce(
                min(daily_levels.changed_on),
                {{ dbt.last_day('last_paying_days.month', 'month') }}
            ) as churn_date
        {% endif %}
    from last_paying_days
    left join daily_levels
        on
            last_paying_days.account_id = daily_levels.account_id
            and last_paying_days.month = daily_levels.month
            and (
                last_paying_days.paying_until is null
                or last_paying_days.paying_until < daily_levels.changed_on
            )
    group by 1, 2
),

-- without a rise, where rates alone lifted the account above zero, the month's first day
movement_events as (
    select
        'event' as subject_type,
        'movement' as chain,
        case when movements.movement_type = 'new' then 'conversion' else movements.movement_type end
            as stage,
        movements.account_id,
        movements.month,
        case
            when movements.movement_type = 'new' then payments.first_paid_date
            else coalesce(ranked_rises.changed_on, movements.month)
        end as event_date,
        movements.amount_mrr,
        false as is_auto_renew
    from movements
    left join ranked_rises
        on
            movements.account_id = ranked_rises.account_id
            and movements.month = ranked_rises.month
            and ranked_rises.rise_number = 1
    left join {{ ref('int_plr__first_payments') }} as payments
        on movements.account_id = payments.account_id
    where movements.movement_type <> 'churn'
),

-- the movement's own id, so that a rerun names the event alike
named_movements as (
    select
        subject_type,
        chain,
        {{ dbt.concat([
            'stage', "'|'", 'account_id', "'|'", 'cast(event_date as ' ~ dbt.type_string() ~ ')'
        ]) }} as subject_id,
        stage,
        account_id,
        month,
        event_date,
        amount_mrr,
        is_auto_renew
    from movement_events
),

-- a renewal counts once its term has begun and both contracts are signed; until then nobody knew
renewals as (
    select
        'event' as subject_type,
        'retention' as chain,
        {{ dbt.concat(["'retention|'", 'renewals.contract_id']) }} as subject_id,
        'retention' as stage,
        renewals.account_id,
        months.month,
        renewals.renewed_date as event_date,
        case
            when renewals.mrr is not null and renewals.renewal_mrr is not null
                then least(renewals.mrr, renewals.renewal_mrr)
        end as amount_mrr,
        renewals.is_auto_renew
    from {{ ref('int_plr__renewals') }} as renewals
    inner join {{ ref('int_plr__months') }} as months
        on months.month = {{ plr_month_of(
            'greatest(renewals.renewed_date, renewals.renewal_signed_date, renewals.signed_date)'
        ) }}
    where renewals.successor_id is not null
),

deals as (
    select
        'deal' as subject_type,
        'deal' as chain,
        opportunity_id as subject_id,
        case
            when opportunity_type = 'renewal' then 'retention'
            when opportunity_type = 'reactivation' then 'reactivation'
            else 'expansion'
        end as stage,
        account_id,
        {{ plr_month_of('closed_at') }} as month,
        cast(closed_at as date) as event_date,
        cast(null as {{ dbt.type_numeric() }}) as amount_mrr,
        false as is_auto_renew,
        row_number() over (
            partition by account_id
            order by closed_at, {{ plr_in_byte_order('opportunity_id') }}
        ) as deal_number
    from {{ ref('stg_plr__opportunities') }}
    where reject_code is null and is_won and closed_at is not null
),

subjects as (
    select
        *,
        row_number() over (
            partition by account_id, chain
            order by month, event_date, {{ plr_in_byte_order('subject_id') }}
        ) as event_number
    from named_movements
    union all
    select
        *,
        row_number() over (
            partition by account_id, chain
            order by month, event_date, {{ plr_in_byte_order('subject_id') }}
        ) as event_number
    from renewals
    union all
    select * from deals
),

last_churns as (
    select
        subjects.subject_type,
        subjects.subject_id,
        max(churn_dates.churn_date) as churn_date
    from subjects
    inner join churn_dates
        on
            subjects.account_id = churn_dates.account_id
            and subjects.month > churn_dates.month
    where subjects.stage = 'reactivation'
    group by 1, 2
),

window_days as (
    {% for stage in ['conversion', 'expansion', 'retention', 'reactivation'] %}
        {%- set days = var('plr_' ~ stage ~ '_window_days') %}
        select
            '{{ stage }}' as stage,
            cast({{ days if days is not none else 'null' }} as int) as days
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- an account's first deal looks back without end
window_terms as (
    select
        subjects.*,
        last_churns.churn_date,
        lag(subjects.event_date) over (
            partition by subjects.account_id, subjects.chain
            order by subjects.event_number
        ) as previous_date,
        case
            when subjects.chain <> 'deal' or subjects.event_number > 1
                then {{ plr_date_add('day', '-window_days.days', 'subjects.event_date') }}
        end as earliest_date
    from subjects
    inner join window_days
        on subjects.stage = window_days.stage
    left join last_churns
        on
            subjects.subject_type = last_churns.subject_type
            and subjects.subject_id = last_churns.subject_id
),

-- one touch explains one event: a window begins where the one before it ended
window_starts as (
    select
        *,
        nullif(
            greatest(
                coalesce(earliest_date, cast('0001-01-01' as date)),
                coalesce(
                    {{ plr_date_add('day', var('plr_window_days_after'), 'previous_date') }},
                    cast('0001-01-01' as date)
                ),
                coalesce(churn_date, cast('0001-01-01' as date))
            ),
            cast('0001-01-01' as date)
        ) as window_start,
        {{ plr_date_add('day', var('plr_window_days_after'), 'event_date') }} as window_end
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
        churn_date,
        window_start,
        window_end,
        coalesce({{ plr_micros('window_start') }}, -{{ plr_forever_us() }}) as window_start_us,
        {{ plr_micros('window_end') }} as window_end_us
    from window_starts
)

select * from final
