with

final as (
    select
        account_id,
        month,
        max(total_mrr) as mrr
    from {{ ref('int_plr__mrr_months') }}
    where local_mrr <> 0
    group by 1, 2
)

select * from final
