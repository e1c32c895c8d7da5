-- long, since what moved and what only changed in worth come out of the same balances and rates
with

gaps as (
    select
        coalesce(sum(affected_rows), 0) as affected_rows,
        {{ plr_listed(
            dbt.concat([
                'code', "' '", 'currency', "' '", 'cast(month as ' ~ dbt.type_string() ~ ')'
            ]),
            ['code', plr_in_byte_order('currency'), 'month']
        ) }} as listed
    from {{ ref('int_plr__revenue_gaps') }}
),

-- stops here: without them the months would be wrong, not merely incomplete
months as (
    select months.*
    from {{ ref('int_plr__months') }} as months
    cross join gaps
    where
        case
            when gaps.affected_rows = 0 then true
            else {{ plr_stop(plr_stop_message('no_rate_or_month', [
                "'input revenue can not be valued in '",
                'cast(gaps.affected_rows as ' ~ dbt.type_string() ~ ')',
                "' account-months (a month without any row counts as one): '",
                'gaps.listed'
            ])) }}
        end
),

-- each month-end closes its own month and opens the next
balances as (
    select
        account_id,
        month,
        currency,
        local_mrr as closing_local,
        0 as opening_local
    from {{ ref('int_plr__mrr_months') }}
    union all
    select
        account_id,
        {{ plr_date_add('month', 1, 'month') }} as month,
        currency,
        0 as closing_local,
        local_mrr as opening_local
    from {{ ref('int_plr__mrr_months') }}
),

by_currency as (
    select
        account_id,
        month,
        currency,
        {{ plr_date_add('month', -1, 'month') }} as previous_month,
        {{ plr_money('sum(closing_local)') }} as closing_local,
        {{ plr_money('sum(opening_local)') }} as opening_local
    from balances
    group by 1, 2, 3
),

-- a currency without a rate a month ago is held at this month's
rated as (
    select
        by_currency.account_id,
        by_currency.month,
        by_currency.closing_local,
        by_currency.opening_local,
        fx_rates.rate,
        coalesce(previous_rates.rate, fx_rates.rate) as previous_rate
    from by_currency
    inner join months
        on by_currency.month = months.month
    left join {{ ref('int_plr__fx_rates') }} as fx_rates
        on
            by_currency.month = fx_rates.month
            and by_currency.currency = fx_rates.currency
    left join {{ ref('int_plr__fx_rates') }} as previous_rates
        on
            by_currency.previous_month = previous_rates.month
            and by_currency.currency = previous_rates.currency
    where months.has_history
),

account_months as (
    select
        account_id,
        month,
        {{ plr_money('coalesce(sum(' ~ plr_converted('opening_local', 'previous_rate') ~ '), 0)') }}
            as opening_mrr,
        {{ plr_money('coalesce(sum(' ~ plr_converted('closing_local', 'rate') ~ '), 0)') }}
            as closing_mrr,
        {{ plr_money(
            'sum(' ~ plr_converted('(closing_local - opening_local)', 'previous_rate') ~ ')'
        ) }} as organic_mrr,
        {{ plr_money(
            'coalesce(sum(case when rate <> previous_rate then '
            ~ plr_converted('closing_local', '(rate - previous_rate)') ~ ' end), 0)'
        ) }} as fx_mrr
    from rated
    group by 1, 2
),

moved as (
    select
        account_months.account_id,
        account_months.month,
        accounts.segment,
        accounts.acquisition_channel,
        account_months.opening_mrr,
        account_months.closing_mrr,
        case
            when account_months.opening_mrr = 0 then account_months.closing_mrr
            else account_months.organic_mrr
        end as organic_mrr,
        case when account_months.opening_mrr = 0 then 0 else account_months.fx_mrr end as fx_mrr,
        account_months.month = payments.first_paid_month as is_first_paid_month
    from account_months
    inner join {{ ref('int_plr__accounts') }} as accounts
        on account_months.account_id = accounts.account_id
    left join {{ ref('int_plr__first_payments') }} as payments
        on account_months.account_id = payments.account_id
    where account_months.opening_mrr <> 0 or account_months.closing_mrr <> 0
),

labelled as (
    select
        *,
        {{ plr_date_add('month', -1, 'month') }} as previous_month,
        {{ plr_date_add('month', 1, 'month') }} as next_month,
        {{ plr_movement_of(
            'opening_mrr', 'closing_mrr', 'organic_mrr', 'is_first_paid_month'
        ) | indent(8) }} as movement,
        {{ plr_movement_type_of(
            'opening_mrr', 'closing_mrr', 'organic_mrr', 'is_first_paid_month'
        ) | indent(8) }} as movement_type
    from moved
),

-- what each subscription lost of a contraction, as it is measured: at the rates of a month ago
falls as (
    select
        labelled.account_id,
        labelled.month,
        intervals.subscription_id,
        round(sum(
            {{ plr_converted('intervals.mrr', 'coalesce(previous_rates.rate, fx_rates.rate)') }}
            * (
                case
                    when
                        intervals.valid_from < labelled.month
                        and coalesce(intervals.valid_to >= labelled.month, true)
                        then 1
                    else 0
                end
                - case
                    when
                        intervals.valid_from < labelled.next_month
                        and coalesce(intervals.valid_to >= labelled.next_month, true)
                        then 1
                    else 0
                end
            )
        ), 2) as fallen_mrr
    from labelled
    inner join {{ ref('int_plr__mrr_intervals') }} as intervals
        on
            labelled.account_id = intervals.account_id
            and labelled.next_month > intervals.valid_from
            and labelled.month <= coalesce(intervals.valid_to, labelled.month)
    left join {{ ref('int_plr__fx_rates') }} as fx_rates
        on
            labelled.month = fx_rates.month
            and intervals.currency = fx_rates.currency
    left join {{ ref('int_plr__fx_rates') }} as previous_rates
        on
            labelled.previous_month = previous_rates.month
            and intervals.currency = previous_rates.currency
    where labelled.movement_type = 'contraction'
    group by 1, 2, 3
),

largest_falls as (
    select
        account_id,
        month,
        subscription_id,
        count(*) over (partition by account_id, month) as n_subscriptions,
        row_number() over (
            partition by account_id, month
            order by fallen_mrr desc, {{ plr_in_byte_order('subscription_id') }}
        ) as place
    from falls
    where fallen_mrr > {{ var('plr_zero_mrr_band') }}
),

named as (
    select
        labelled.*,
        largest_falls.subscription_id as fallen_subscription_id,
        cast(largest_falls.n_subscriptions as int) as fallen_subscriptions
    from labelled
    left join largest_falls
        on
            labelled.account_id = largest_falls.account_id
            and labelled.month = largest_falls.month
            and largest_falls.place = 1
),

final as (
    select
        account_id,
        month,
        segment,
        acquisition_channel,
        opening_mrr,
        {{ plr_moved_mrr('new', 'movement', 'organic_mrr') }} as new_mrr,
        {{ plr_moved_mrr('expansion', 'movement', 'organic_mrr') }} as expansion_mrr,
        {{ plr_moved_mrr('contraction', 'movement', 'organic_mrr') }} as contraction_mrr,
        {{ plr_moved_mrr('churn', 'movement', 'organic_mrr') }} as churn_mrr,
        {{ plr_moved_mrr('reactivation', 'movement', 'organic_mrr') }} as reactivation_mrr,
        {{ plr_money('fx_mrr') }} as fx_mrr,
        closing_mrr,
        movement_type,
        closing_mrr > 0 as is_active,
        fallen_subscription_id,
        fallen_subscriptions
    from named
)

select * from final
