-- every account-month adds up, closes at what was delivered and opens the month after with it
{{ config(group='product_led_revenue') }}

with

movements as (
    select * from {{ ref('plr_mrr_movements') }}
),

months as (
    select * from {{ ref('int_plr__months') }}
),

unbalanced as (
    select
        account_id,
        month,
        'movements do not lead from opening to closing' as problem
    from movements
    where
        abs(
            opening_mrr + new_mrr + expansion_mrr + reactivation_mrr
            - contraction_mrr - churn_mrr + fx_mrr - closing_mrr
        ) > 0.01
        or least(
            opening_mrr, new_mrr, expansion_mrr, contraction_mrr,
            churn_mrr, reactivation_mrr, closing_mrr
        ) < 0
),

-- a customer more for new and reactivation, one less for churn, the same number otherwise
miscounted as (
    select
        account_id,
        month,
        'movements do not lead from customers before to customers after' as problem
    from movements
    where
        case when opening_mrr > 0 then 1 else 0 end
        + case when new_mrr > 0 then 1 else 0 end
        + case when reactivation_mrr > 0 then 1 else 0 end
        - case when churn_mrr > 0 then 1 else 0 end
        <> case when is_active then 1 else 0 end
),

-- credits beyond the charges, and residues, count as zero
delivered as (
    select
        account_id,
        month,
        max(total_mrr) as mrr
    from {{ ref('int_plr__mrr_months') }}
    where total_mrr >= {{ var('plr_zero_mrr_band') }}
    group by 1, 2
),

balances as (
    select
        account_id,
        month,
        mrr as delivered_mrr,
        0 as closing_mrr,
        0 as next_opening_mrr
    from delivered
    union all
    select
        account_id,
        month,
        0 as delivered_mrr,
        closing_mrr,
        0 as next_opening_mrr
    from movements
    union all
    select
        account_id,
        {{ plr_date_add('month', -1, 'month') }} as month,
        0 as delivered_mrr,
        0 as closing_mrr,
        opening_mrr as next_opening_mrr
    from movements
),

month_ends as (
    select
        account_id,
        month,
        sum(delivered_mrr) as delivered_mrr,
        sum(closing_mrr) as closing_mrr,
        sum(next_opening_mrr) as next_opening_mrr
    from balances
    group by 1, 2
),

untied as (
    select
        month_ends.account_id,
        month_ends.month,
        case
            when abs(month_ends.closing_mrr - month_ends.delivered_mrr) > 0.01
                then 'closing_mrr is not the delivered MRR'
            else 'the next opening_mrr is not the delivered MRR'
        end as problem
    from month_ends
    left join months
        on month_ends.month = months.month
    where
        (
            coalesce(months.has_history, true)
            and abs(month_ends.closing_mrr - month_ends.delivered_mrr) > 0.01
        )
        or (
            not coalesce(months.is_last, false)
            and abs(month_ends.next_opening_mrr - month_ends.delivered_mrr) > 0.01
        )
)

select * from unbalanced
union all
select * from miscounted
union all
select * from untied
