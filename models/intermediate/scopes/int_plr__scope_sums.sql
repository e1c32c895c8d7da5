{{ config(materialized='view') }}

-- long, since every sum of a scope and month stands here, side by side
with

months as (
    select * from {{ ref('int_plr__months') }}
),

-- every account counts twice, in the company and in its segment
account_scopes as (
    select
        account_id,
        'company' as scope,
        'all' as scope_value
    from {{ ref('int_plr__accounts') }}
    union all
    select
        account_id,
        'segment' as scope,
        segment as scope_value
    from {{ ref('int_plr__accounts') }}
),

-- no month of a scope is missing, so that six months ago is six rows ago
spine as (
    select distinct
        months.month,
        account_scopes.scope,
        account_scopes.scope_value
    from account_scopes
    cross join months
),

account_sums as (
    select
        margins.month,
        account_scopes.scope,
        account_scopes.scope_value,
        sum(case when margins.mrr > 0 then 1 else 0 end) as customers,
        sum(case when margins.mrr > 0 and account_months.value_events_active > 0 then 1 else 0 end)
            as value_active_accounts,
        sum(margins.mrr) as closing_mrr,
        sum(margins.direct_cost + margins.allocated_cost) as account_cogs
    from {{ ref('int_plr__account_margins') }} as margins
    inner join account_scopes
        on margins.account_id = account_scopes.account_id
    left join {{ ref('int_plr__account_months') }} as account_months
        on
            margins.account_id = account_months.account_id
            and margins.month = account_months.month
    group by 1, 2, 3
),

due_terms as (
    select
        months.month,
        renewals.account_id,
        renewals.mrr,
        outcomes.has_recent_value,
        outcomes.outcome in ('renewed', 'rolled_over') as is_retained,
        {{ plr_term_score(
            'renewals.renewal_signed_date',
            'renewals.durability_score',
            'months.month_end',
            'margins.mrr'
        ) | indent(8) }} as score
    from {{ ref('int_plr__renewals') }} as renewals
    inner join months
        on
            renewals.signed_date <= months.month_end
            and renewals.term_end <= months.month_end
            and renewals.term_end >= {{ plr_date_add('month', -11, 'months.month') }}
    left join {{ ref('int_plr__renewal_outcomes') }} as outcomes
        on renewals.contract_id = outcomes.contract_id
    left join {{ ref('int_plr__account_margins') }} as margins
        on
            renewals.account_id = margins.account_id
            and months.month = margins.month
),

renewal_sums as (
    select
        due_terms.month,
        account_scopes.scope,
        account_scopes.scope_value,
        count(*) as renewals_due,
        sum(case when due_terms.score is not null then due_terms.mrr end) as decided_mrr,
        sum(due_terms.mrr * due_terms.score) as durable_mrr,
        sum(due_terms.mrr) as ended_mrr,
        count(due_terms.has_recent_value) as terms_of_known_value,
        sum(case when due_terms.has_recent_value then due_terms.mrr end) as with_value_mrr,
        sum(case when not due_terms.has_recent_value then due_terms.mrr end) as without_value_mrr,
        sum(
            case when due_terms.has_recent_value and due_terms.is_retained then due_terms.mrr end
        ) as retained_with_value_mrr,
        sum(
            case
                when not due_terms.has_recent_value and due_terms.is_retained then due_terms.mrr
            end
        ) as retained_without_value_mrr
    from due_terms
    inner join account_scopes
        on due_terms.account_id = account_scopes.account_id
    group by 1, 2, 3
),

touch_months as (
    select
        {{ plr_month_of(plr_from_micros('touches.lo_us')) }} as month,
        account_scopes.scope,
        account_scopes.scope_value,
        count(*) as human_touches
    from {{ ref('int_plr__sales_touches') }} as touches
    inner join account_scopes
        on touches.account_id = account_scopes.account_id
    where touches.is_human_touch
    group by 1, 2, 3
),

-- touches before the first month of revenue count, too
touch_sums as (
    select
        months.month,
        touch_months.scope,
        touch_months.scope_value,
        sum(touch_months.human_touches) as human_touches_ttm
    from touch_months
    inner join months
        on
            touch_months.month <= months.month
            and touch_months.month > {{ plr_date_add('month', -12, 'months.month') }}
    group by 1, 2, 3
),

final as (
    select
        spine.month,
        spine.scope,
        spine.scope_value,
        coalesce(account_sums.customers, 0) as customers,
        coalesce(account_sums.value_active_accounts, 0) as value_active_accounts,
        coalesce(account_sums.closing_mrr, 0) as closing_mrr,
        coalesce(account_sums.account_cogs, 0) as account_cogs,
        coalesce(renewal_sums.renewals_due, 0) as renewals_due,
        renewal_sums.decided_mrr,
        renewal_sums.durable_mrr,
        coalesce(renewal_sums.terms_of_known_value, 0) as terms_of_known_value,
        coalesce(renewal_sums.ended_mrr, 0) as ended_mrr,
        coalesce(renewal_sums.with_value_mrr, 0) as with_value_mrr,
        coalesce(renewal_sums.without_value_mrr, 0) as without_value_mrr,
        coalesce(renewal_sums.retained_with_value_mrr, 0) as retained_with_value_mrr,
        coalesce(renewal_sums.retained_without_value_mrr, 0) as retained_without_value_mrr,
        coalesce(touch_sums.human_touches_ttm, 0) as human_touches_ttm
    from spine
    left join account_sums
        on
            spine.month = account_sums.month
            and spine.scope = account_sums.scope
            and spine.scope_value = account_sums.scope_value
    left join renewal_sums
        on
            spine.month = renewal_sums.month
            and spine.scope = renewal_sums.scope
            and spine.scope_value = renewal_sums.scope_value
    left join touch_sums
        on
            spine.month = touch_sums.month
            and spine.scope = touch_sums.scope
            and spine.scope_value = touch_sums.scope_value
)

select * from final
