{{ config(materialized='view') }}

-- what each group of origins kept, pays and cost; long, since all is summed by the same groups
with

months as (
    select
        months.month,
        months.month_end_us
    from {{ ref('int_plr__months') }} as months
    inner join {{ ref('int_plr__months') }} as base_months
        on {{ plr_date_add('month', -12, 'months.month') }} = base_months.month
),

movements as (
    select * from {{ ref('int_plr__mrr_movements') }}
),

payments as (
    select * from {{ ref('int_plr__first_payments') }}
),

-- what was won, and what people did for it until it was
efforts as (
    select
        account_id,
        month,
        new_mrr,
        0 as human_touches
    from movements
    where new_mrr > 0
    union all
    select
        touches.account_id,
        {{ plr_month_of(plr_from_micros('touches.lo_us')) }} as month,
        0 as new_mrr,
        count(*) as human_touches
    from {{ ref('int_plr__sales_touches') }} as touches
    left join payments
        on touches.account_id = payments.account_id
    where
        touches.is_human_touch
        and (
            payments.account_id is null
            or touches.lo_us < {{ plr_micros(
                'coalesce(' ~ plr_date_add('day', 1, 'payments.first_paid_date') ~ ', '
                ~ plr_date_add('month', 1, 'payments.first_paid_month') ~ ')'
            ) }}
        )
    group by 1, 2
),

months_of_effort as (
    select distinct month
    from efforts
),

-- each month with those of the twelve up to it that have any
effort_months as (
    select
        months.month,
        months.month_end_us,
        months_of_effort.month as effort_month
    from months
    inner join months_of_effort
        on
            months.month >= months_of_effort.month
            and {{ plr_date_add('month', -12, 'months.month') }} < months_of_effort.month
),

-- customers of the month, and the efforts of the twelve months up to it
current_months as (
    select
        months.month,
        months.month_end_us,
        movements.account_id,
        true as has_paid,
        movements.closing_mrr,
        0 as new_mrr,
        0 as human_touches
    from movements
    inner join months
        on movements.month = months.month
    where movements.is_active
    union all
    select
        effort_months.month,
        effort_months.month_end_us,
        efforts.account_id,
        coalesce(payments.first_paid_month <= effort_months.month, false) as has_paid,
        0 as closing_mrr,
        efforts.new_mrr,
        efforts.human_touches
    from efforts
    inner join effort_months
        on efforts.month = effort_months.effort_month
    left join payments
        on efforts.account_id = payments.account_id
),

-- by the origin known now, of those who never paid by what came first
current_origins as (
    select
        current_months.*,
        case
            when current_months.has_paid
                then {{ plr_origin_known_by(
                    'current_months.month_end_us',
                    'origins.origin',
                    'origins.decided_us',
                    'origins.is_coverage_failure',
                    'origins.evidence_us'
                ) | indent(16) }}
            else {{ plr_prospect_group_of(
                'current_months.month_end_us',
                'origins.sequence',
                'origins.activity_lo_us',
                'origins.contact_lo_us'
            ) | indent(12) }}
        end as origin
    from current_months
    inner join {{ ref('int_plr__origins') }} as origins
        on
            current_months.account_id = origins.account_id
            and origins.subject_type = 'account'
            and origins.scenario = 'headline'
),

current_sums as (
    select
        month,
        origin,
        sum(case when closing_mrr > 0 then 1 else 0 end) as customers,
        sum(closing_mrr) as closing_mrr,
        count(distinct case when new_mrr > 0 then account_id end) as new_accounts,
        sum(new_mrr) as new_mrr,
        sum(human_touches) as human_touches
    from current_origins
    group by 1, 2
),

-- who paid a year ago by the origin known then
origin_months as (
    select
        month,
        origin,
        starting_mrr,
        ending_mrr,
        0 as customers,
        0 as closing_mrr,
        0 as new_accounts,
        0 as new_mrr,
        0 as human_touches
    from {{ ref('int_plr__retention_cohorts') }}
    union all
    select
        month,
        origin,
        0 as starting_mrr,
        0 as ending_mrr,
        customers,
        closing_mrr,
        new_accounts,
        new_mrr,
        human_touches
    from current_sums
),

-- both product-driven origins also stand together
grouped as (
    select
        *,
        origin as origin_group
    from origin_months
    union all
    select
        *,
        'product_driven' as origin_group
    from origin_months
    where origin in ({{ plr_product_driven_origins() }})
),

deviations as (
    select
        *,
        least(ending_mrr, starting_mrr) as retained_mrr,
        {{ plr_deviation('ending_mrr', 'starting_mrr', 'month, origin_group') | indent(8) }}
            as nrr_deviation,
        {{ plr_deviation(
            'least(ending_mrr, starting_mrr)', 'starting_mrr', 'month, origin_group'
        ) | indent(8) }} as grr_deviation
    from grouped
),

summed as (
    select
        month,
        origin_group,
        sum(case when starting_mrr > 0 then 1 else 0 end) as starting_accounts,
        sum(starting_mrr) as starting_mrr,
        sum(ending_mrr) as ending_mrr,
        sum(retained_mrr) as retained_mrr,
        sum(greatest(ending_mrr - starting_mrr, 0)) as expanded_mrr,
        sum(case when ending_mrr > 0 then 1 else 0 end) as retained_accounts,
        sum(cast(nrr_deviation as {{ plr_double() }}) * nrr_deviation) as nrr_deviations,
        sum(cast(grr_deviation as {{ plr_double() }}) * grr_deviation) as grr_deviations,
        sum(customers) as customers,
        sum(closing_mrr) as closing_mrr,
        sum(new_accounts) as new_accounts,
        sum(new_mrr) as new_mrr,
        sum(human_touches) as human_touches
    from deviations
    group by 1, 2
),

final as (
    select
        *,
        sum(case when origin_group = 'product_driven' then 0 else starting_mrr end)
            over (partition by month) as company_starting_mrr
    from summed
)

select * from final
