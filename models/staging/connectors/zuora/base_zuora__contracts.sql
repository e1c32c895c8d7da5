-- a term of a subscription, priced by the first of its days on which something is charged
{{ config(enabled=plr_uses('zuora', 'plr_input_contracts')) }}
{%- set far = "cast('9999-12-31' as date)" %}

with

terms as (
    select
        {{ dbt.concat(['subscription_name', "':'", 'cast(term_start as ' ~ dbt.type_string() ~ ')'])
        }} as contract_id,
        *
    from {{ ref('base_zuora__subscriptions') }}
    where
        place_in_term = 1
        and coalesce(term_type, 'termed') = 'termed'
        and term_start is not null
        and term_end is not null
),

charges as (
    select
        subscription_name,
        currency,
        mrr,
        valid_from,
        coalesce(valid_to, {{ far }}) as valid_to
    from {{ ref('base_zuora__revenue') }}
),

charged as (
    select
        terms.contract_id,
        charges.currency,
        charges.mrr,
        charges.valid_from,
        charges.valid_to,
        min(greatest(charges.valid_from, terms.term_start)) over (
            partition by terms.contract_id
        ) as first_day
    from terms
    inner join charges
        on
            terms.subscription_name = charges.subscription_name
            and terms.term_end > charges.valid_from
            and terms.term_start < charges.valid_to
),

priced as (
    select
        contract_id,
        currency,
        sum(mrr) as net_mrr,
        sum(case when mrr > 0 then mrr else 0 end) as full_mrr
    from charged
    where valid_from <= first_day and valid_to > first_day
    group by 1, 2
),

final as (
    select
        priced.contract_id,
        terms.account_id,
        terms.subscription_name as subscription_id,
        lag(priced.contract_id) over (
            partition by terms.subscription_name
            order by terms.term_start
        ) as previous_contract_id,
        priced.currency,
        terms.term_start,
        terms.term_end,
        cast(priced.net_mrr as {{ dbt.type_numeric() }}) as contract_mrr,
        cast(
            case when priced.full_mrr > 0 then 1 - priced.net_mrr / priced.full_mrr end
            as {{ dbt.type_numeric() }}
        ) as discount_share,
        terms.auto_renew
    from terms
    inner join priced
        on terms.contract_id = priced.contract_id
)

select * from final
