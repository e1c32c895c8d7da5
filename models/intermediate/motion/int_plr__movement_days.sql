-- the day on which each movement of MRR happened; long, since rises and churns are found in the
-- same daily changes
with

movements as (
    select
        account_id,
        month,
        {{ plr_date_add('month', -1, 'month') }} as previous_month,
        movement_type,
        opening_mrr,
        new_mrr + expansion_mrr + reactivation_mrr as amount_mrr,
        movement_type = 'expansion'
        and expansion_mrr - {{ var('plr_movement_min_share') }} * opening_mrr < -0.000001
            as is_sliver
    from {{ ref('int_plr__mrr_movements') }}
    where movement_type in ('new', 'expansion', 'reactivation', 'churn')
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
    left join {{ ref('int_plr__fx_rates') }} as previous_rates
        on
            local_changes.currency = previous_rates.currency
            and movements.previous_month = previous_rates.month
    left join {{ ref('int_plr__fx_rates') }} as fx_rates
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

paying_days as (
    select
        account_id,
        month,
        changed_on,
        max(case when level >= {{ var('plr_zero_mrr_band') }} then changed_on end)
            over (partition by account_id, month) as paying_until
    from daily_levels
),

-- the first day of those without MRR that reach the month's end; snapshots know no other day
churn_dates as (
    select
        account_id,
        month,
        {% if plr_var('plr_revenue_shape') == 'snapshots' %}
            {{ dbt.last_day('month', 'month') }} as churn_date
        {% else %}
            coalesce(
                min(
                    case
                        when paying_until is null or paying_until < changed_on then changed_on
                    end
                ),
                {{ dbt.last_day('month', 'month') }}
            ) as churn_date
        {% endif %}
    from paying_days
    group by 1, 2
),

-- without a rise, where rates alone lifted the account above zero, the month's first day; a sliver
-- counts where it came with more or fewer seats
final as (
    select
        movements.account_id,
        movements.month,
        movements.movement_type,
        case movements.movement_type
            when 'new' then payments.first_paid_date
            when 'churn' then churn_dates.churn_date
            else coalesce(ranked_rises.changed_on, movements.month)
        end as movement_date,
        movements.amount_mrr,
        movements.is_sliver and coalesce(seats.seats = seats.previous_seats, true) as is_too_small
    from movements
    left join {{ ref('int_plr__account_months') }} as seats
        on
            movements.account_id = seats.account_id
            and movements.month = seats.month
    left join {{ ref('int_plr__first_payments') }} as payments
        on movements.account_id = payments.account_id
    left join ranked_rises
        on
            movements.account_id = ranked_rises.account_id
            and movements.month = ranked_rises.month
            and ranked_rises.rise_number = 1
    left join churn_dates
        on
            movements.account_id = churn_dates.account_id
            and movements.month = churn_dates.month
)

select * from final
