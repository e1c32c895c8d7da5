-- a term of a subscription follows the one before it
{{ config(enabled=plr_uses('chargebee', 'plr_input_contracts')) }}

with

terms as (
    {{ plr_vendor('chargebee', 'contract_term', {
        'contract_id': ['id!', 'id'],
        'subscription_id': 'id!',
        'contract_start': 'timestamp!',
        'contract_end': 'timestamp!',
        'value_before_tax': ['number', 'total_contract_value_before_tax'],
        'value': ['number', 'total_contract_value'],
        'at_end': ['text', 'action_at_term_end'],
    }) }}
),

subscriptions as (
    {{ plr_vendor('chargebee', 'subscription', {
        'subscription_id': ['id!', 'id'],
        'account_id': ['id!', 'customer_id'],
        'currency': ['text!', 'currency_code'],
    }) }}
),

dated as (
    select
        *,
        cast(contract_start as date) as term_start,
        cast({{ plr_end_of('contract_end') | indent(8) }} as date) as term_end
    from terms
),

final as (
    select
        dated.contract_id,
        subscriptions.account_id,
        dated.subscription_id,
        lag(dated.contract_id) over (
            partition by dated.subscription_id
            order by dated.term_start, dated.contract_id
        ) as previous_contract_id,
        upper(subscriptions.currency) as currency,
        dated.term_start,
        dated.term_end,
        cast(
            {{ plr_major_units(
                'coalesce(dated.value_before_tax, dated.value)', 'subscriptions.currency'
            ) | indent(12) }}
            / greatest({{ plr_months_between('dated.term_start', 'dated.term_end') }}, 1)
            as {{ dbt.type_numeric() }}
        ) as contract_mrr,
        case
            when lower(dated.at_end) in ('renew', 'renew_once') then true
            when dated.at_end is not null then false
        end as auto_renew
    from dated
    left join subscriptions
        on dated.subscription_id = subscriptions.subscription_id
)

select * from final
