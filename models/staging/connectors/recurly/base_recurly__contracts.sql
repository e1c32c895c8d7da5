-- a line billed for a year or more is a term; what is billed by the month is none
{{ config(enabled=plr_uses('recurly', 'plr_input_contracts')) }}

with

lines as (
    select * from {{ ref('base_recurly__invoice_lines') }}
),

terms as (
    select
        invoice_line_id as contract_id,
        account_id,
        subscription_id,
        currency,
        cast(service_start as date) as term_start,
        cast(service_end as date) as term_end,
        amount,
        1 - net_share as discount_share
    from lines
    where line_type = 'recurring'
),

measured as (
    select
        *,
        {{ plr_months_between('term_start', 'term_end') }} as term_months
    from terms
),

final as (
    select
        contract_id,
        account_id,
        subscription_id,
        lag(contract_id) over (
            partition by subscription_id
            order by term_start, contract_id
        ) as previous_contract_id,
        currency,
        term_start,
        term_end,
        cast(amount / term_months as {{ dbt.type_numeric() }}) as contract_mrr,
        cast(discount_share as {{ dbt.type_numeric() }}) as discount_share
    from measured
    where term_months >= 12
)

select * from final
