-- Do product-qualified accounts convert better than those contacted first?
with

funnel as (
    select * from {{ ref('plr_pql_funnel') }}
    where is_horizon_over and segment = 'all' and acquisition_channel = 'all'
),

numbered as (
    select
        *,
        row_number() over (
            partition by horizon_days
            order by signed_up_month desc
        ) as months_ago
    from funnel
),

-- the last twelve months of sign-ups whose days are over; a single month is too small
last_year as (
    select
        horizon_days,
        sum(covered) as sign_ups,
        sum(reached_value) as reached_value,
        sum(value_before_contact) as qualified,
        sum(paid_after_value) as qualified_paid,
        sum(contacted_before_value) as contacted_first,
        sum(paid_after_contact) as contacted_first_paid
    from numbered
    where months_ago <= 12
    group by horizon_days
),

rates as (
    select
        *,
        cast(qualified_paid as {{ dbt.type_numeric() }}) / nullif(qualified, 0) as qualified_rate,
        cast(contacted_first_paid as {{ dbt.type_numeric() }}) / nullif(contacted_first, 0)
            as contacted_first_rate
    from last_year
),

-- how far chance alone might put the two apart, two standard errors
compared as (
    select
        *,
        qualified_rate - contacted_first_rate as difference,
        1.96 * sqrt(
            qualified_rate * (1 - qualified_rate) / nullif(qualified, 0)
            + contacted_first_rate * (1 - contacted_first_rate) / nullif(contacted_first, 0)
        ) as reach
    from rates
),

-- association, not cause: who finds value alone differs from whom sales sought out
final as (
    select
        horizon_days,
        case
            when qualified < 10 or contacted_first < 10 then 'too few to tell'
            when difference > reach then 'yes, product-qualified accounts paid more often'
            when difference < -reach then 'no, accounts contacted first paid more often'
            else 'the two can not be told apart'
        end as answer,
        sign_ups,
        reached_value,
        qualified,
        qualified_paid,
        qualified_rate,
        contacted_first,
        contacted_first_paid,
        contacted_first_rate,
        difference,
        reach
    from compared
)

select * from final
order by horizon_days
