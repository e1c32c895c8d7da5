with

contracts as (
    select
        contract_id,
        account_id,
        previous_contract_id,
        currency,
        term_start,
        term_end,
        coalesce(cast(signed_at as date), term_start) as signed_date,
        contract_mrr,
        coalesce(discount_share, 0) as discount_share,
        coalesce(auto_renew, false) as is_auto_renew,
        {{ plr_month_of('term_start') }} as rate_month,
        {{ plr_months_between('term_start', 'term_end') | indent(8) }}
            as term_months,
        {{ dbt.last_day('term_end', 'month') }} as decision_date
    from {{ ref('stg_plr__contracts') }}
    where reject_code is null
),

fx_spans as (
    select * from {{ ref('int_plr__fx_spans') }}
),

-- of several contracts that follow one, the first signed renews it
candidates as (
    select
        *,
        row_number() over (
            partition by previous_contract_id
            order by signed_date, term_start, {{ plr_in_byte_order('contract_id') }}
        ) as candidate_no
    from contracts
    where previous_contract_id <> contract_id
),

-- both amounts at the rates of the month in which the expiring term began: constant currency
paired as (
    select
        terms.contract_id,
        terms.account_id,
        terms.term_start,
        terms.term_end,
        terms.signed_date,
        {{ plr_money('terms.contract_mrr * term_rates.rate') }} as mrr,
        terms.is_auto_renew,
        terms.discount_share,
        terms.term_months,
        terms.decision_date,
        successors.contract_id as successor_id,
        successors.term_start as renewed_date,
        successors.signed_date as renewal_signed_date,
        {{ plr_money('successors.contract_mrr * successor_rates.rate') }} as renewal_mrr,
        successors.discount_share as renewal_discount_share,
        successors.term_months as renewal_term_months
    from contracts as terms
    left join candidates as successors
        on
            terms.contract_id = successors.previous_contract_id
            and successors.candidate_no = 1
    left join fx_spans as term_rates
        on
            terms.currency = term_rates.currency
            and terms.rate_month >= term_rates.from_month
            and terms.rate_month < term_rates.until_month
    left join fx_spans as successor_rates
        on
            successors.currency = successor_rates.currency
            and terms.rate_month >= successor_rates.from_month
            and terms.rate_month < successor_rates.until_month
),

compared as (
    select
        *,
        renewal_discount_share - discount_share > {{ var('plr_deeper_discount') }}
            as is_discount_deeper,
        renewal_term_months < term_months as is_term_shorter,
        renewal_mrr < mrr as is_mrr_lower,
        renewal_discount_share - discount_share > {{ var('plr_deeper_discount') }}
        and renewal_signed_date
        < {{ plr_date_add('day', -var('plr_early_renewal_days'), 'term_end') }}
            as is_early_renewal
    from paired
),

-- a renewal whose amounts can't be compared has no score, rather than a better one
final as (
    select
        contract_id,
        account_id,
        term_start,
        term_end,
        signed_date,
        decision_date,
        mrr,
        is_auto_renew,
        coalesce(renewal_signed_date <= decision_date, false) as is_renewed_in_time,
        successor_id,
        renewed_date,
        renewal_signed_date,
        renewal_mrr,
        is_discount_deeper,
        is_term_shorter,
        is_mrr_lower,
        is_early_renewal,
        case
            when successor_id is not null and is_mrr_lower is not null
                then cast(
                    1 - 0.25 * (
                        case when is_discount_deeper then 1 else 0 end
                        + case when is_term_shorter then 1 else 0 end
                        + case when is_mrr_lower then 1 else 0 end
                        + case when is_early_renewal then 1 else 0 end
                    ) as {{ plr_share_type() }}
                )
        end as durability_score
    from compared
)

select * from final
