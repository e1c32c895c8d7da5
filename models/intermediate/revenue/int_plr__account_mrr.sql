with

final as (
    select
        account_id,
        month,
        {{ plr_money('sum(' ~ plr_converted('local_mrr', 'rate') ~ ')') }} as mrr
    from {{ ref('int_plr__mrr_months') }}
    where local_mrr <> 0
    group by 1, 2
)

select * from final
