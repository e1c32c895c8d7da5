-- the steps nest, payments have one reason each, and rows of all are the sums of their parts
with

funnel as (
    select * from {{ ref('plr_pql_funnel') }}
),

impossible as (
    select
        signed_up_month,
        'the steps of the funnel do not nest, or a rate is out of its bounds' as problem
    from funnel
    where
        signed_up <> covered + not_covered
        or reached_value > covered
        or value_before_contact > reached_value
        or paid_after_value > value_before_contact
        or contacted > covered
        or contacted_before_value > contacted
        or paid_after_contact > contacted_before_value
        or value_before_contact + contacted_before_value > covered
        or paid > covered
        or paid <> paid_after_value + paid_after_contact + paid_before_value
        or activation_rate < pql_rate
        or activation_rate > activation_ci_high + 0.000001
        or pql_rate < pql_ci_low - 0.000001
        or days_to_value_median > days_to_value_p90
        or days_to_paid_median > days_to_paid_p90
        or (not is_horizon_over and coalesce(activation_rate, days_to_paid_median) is not null)
),

-- a longer horizon holds all that a shorter one does
shrunk as (
    select
        shorter.signed_up_month,
        'fewer have come further after more days' as problem
    from funnel as shorter
    inner join funnel as longer
        on
            shorter.signed_up_month = longer.signed_up_month
            and shorter.segment = longer.segment
            and shorter.acquisition_channel = longer.acquisition_channel
            and shorter.horizon_days < longer.horizon_days
    where
        shorter.signed_up <> longer.signed_up
        or shorter.reached_value > longer.reached_value
        or shorter.contacted > longer.contacted
        or shorter.paid > longer.paid
),

parts as (
    select
        'segment' as dimension,
        signed_up_month,
        horizon_days,
        'all' as segment,
        acquisition_channel,
        signed_up,
        paid_before_signup,
        covered,
        reached_value,
        value_before_contact,
        contacted_before_value,
        paid,
        new_mrr
    from funnel
    where segment <> 'all'
    union all
    select
        'acquisition_channel' as dimension,
        signed_up_month,
        horizon_days,
        segment,
        'all' as acquisition_channel,
        signed_up,
        paid_before_signup,
        covered,
        reached_value,
        value_before_contact,
        contacted_before_value,
        paid,
        new_mrr
    from funnel
    where acquisition_channel <> 'all'
),

sums as (
    select
        dimension,
        signed_up_month,
        horizon_days,
        segment,
        acquisition_channel,
        sum(signed_up) as signed_up,
        sum(paid_before_signup) as paid_before_signup,
        sum(covered) as covered,
        sum(reached_value) as reached_value,
        sum(value_before_contact) as value_before_contact,
        sum(contacted_before_value) as contacted_before_value,
        sum(paid) as paid,
        sum(new_mrr) as new_mrr
    from parts
    group by 1, 2, 3, 4, 5
),

unequal as (
    select
        sums.signed_up_month,
        {{ dbt.concat(["'the parts do not add up to all of '", 'sums.dimension']) }} as problem
    from sums
    left join funnel
        on
            sums.signed_up_month = funnel.signed_up_month
            and sums.horizon_days = funnel.horizon_days
            and sums.segment = funnel.segment
            and sums.acquisition_channel = funnel.acquisition_channel
    where
        funnel.signed_up_month is null
        or sums.signed_up <> funnel.signed_up
        or sums.paid_before_signup <> funnel.paid_before_signup
        or sums.covered <> funnel.covered
        or sums.reached_value <> funnel.reached_value
        or sums.value_before_contact <> funnel.value_before_contact
        or sums.contacted_before_value <> funnel.contacted_before_value
        or sums.paid <> funnel.paid
        or abs(sums.new_mrr - funnel.new_mrr) > 0.01
)

select * from impossible
union all
select * from shrunk
union all
select * from unequal
