-- Where does usage look hollow while a renewal draws near, and what is it about?
with

hollow_usage as (
    select * from {{ ref('plr_hollow_usage') }}
),

last_month as (
    select max(month) as month from hollow_usage
),

final as (
    select
        accounts.account_name,
        hollow_usage.account_id,
        hollow_usage.segment,
        hollow_usage.renewal_date,
        hollow_usage.closing_mrr,
        hollow_usage.status,
        hollow_usage.severity,
        hollow_usage.reason,
        hollow_usage.usage_ratio,
        hollow_usage.value_ratio,
        hollow_usage.evidence_summary
    from hollow_usage
    inner join last_month
        on hollow_usage.month = last_month.month
    inner join {{ ref('plr_account_origin') }} as accounts
        on hollow_usage.account_id = accounts.account_id
    where
        hollow_usage.status in ('flagged', 'watch')
        and {{ dbt.datediff(
            dbt.last_day('hollow_usage.month', 'month'), 'hollow_usage.renewal_date', 'day'
        ) }} <= {{ var('plr_hollow_renewal_days') }}
)

select * from final
order by renewal_date asc, closing_mrr desc, account_id asc
