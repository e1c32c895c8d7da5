-- the segments of charges of each subscription's newest version, and what discounts take off them
-- long, since a discount is a charge, whose scope and time meet those of others
{{ config(
    enabled=plr_uses('zuora', 'plr_input_revenue') or plr_uses('zuora', 'plr_input_contracts')
) }}
{%- set far = "cast('9999-12-31' as date)" %}

with

charges as (
    {{ plr_vendor('zuora', 'rate_plan_charge', {
        'charge_id': ['id!', 'id'],
        'charge_number': 'id',
        'original_id': 'id',
        'version_id': ['id!', 'subscription_id'],
        'rate_plan_id': 'id',
        'charge_type': 'text!',
        'charge_model': 'text',
        'mrr': 'number!',
        'currency': ['text', 'transaction_currency'],
        'quantity': 'number',
        'uom': 'text',
        'valid_from': ['date!', 'effective_start_date'],
        'valid_to': ['date!', 'effective_end_date'],
        'discount_level': 'text',
        'apply_discount_to': 'text',
        'billing_period': 'text',
        'specific_billing_period': 'number',
        'is_deleted': ['boolean', '_fivetran_deleted'],
    }) }}
),

tiers as (
    {{ plr_vendor('zuora', 'rate_plan_charge_tier', {
        'charge_id': ['id!', 'rate_plan_charge_id'],
        'discount_percentage': 'number!',
        'discount_amount': 'number!',
    }) }}
),

accounts as (
    {{ plr_vendor('zuora', 'account', {
        'account_id': ['id!', 'id'],
        'currency': 'text!',
    }) }}
),

newest as (
    select *
    from {{ ref('base_zuora__subscriptions') }}
    where place = 1
),

-- a charge that is not triggered yet has no dates; one cancelled before it began ends as it begins
recurring as (
    select
        charges.charge_id,
        coalesce(charges.charge_number, charges.original_id, charges.charge_id) as charge_number,
        charges.rate_plan_id,
        newest.subscription_name,
        newest.account_id,
        upper(coalesce(nullif(trim(charges.currency), ''), accounts.currency)) as currency,
        charges.valid_from,
        coalesce(charges.valid_to, {{ far }}) as valid_to,
        charges.mrr,
        case
            when
                lower(charges.uom) like '%seat%'
                or lower(charges.uom) like '%user%'
                or lower(charges.uom) like '%licen%'
                then charges.quantity
        end as seats,
        coalesce(lower(charges.charge_model), '') like 'discount%' as is_discount,
        lower(charges.charge_model) like '%percent%' as is_percentage,
        coalesce(replace(lower(charges.discount_level), ' ', ''), '') as discount_level,
        coalesce(lower(charges.apply_discount_to), 'recurring') as applies_to,
        case lower(replace(replace(charges.billing_period, '_', ' '), '-', ' '))
            when 'quarter' then 3
            when 'semi annual' then 6
            when 'annual' then 12
            when 'eighteen months' then 18
            when 'two years' then 24
            when 'three years' then 36
            when 'five years' then 60
            when 'specific months' then charges.specific_billing_period
            when 'subscription term'
                then {{ plr_months_between('newest.term_start', 'newest.term_end') }}
            when 'week' then 0.2307692
            when 'specific weeks' then charges.specific_billing_period * 0.2307692
        end as billing_months
    from charges
    inner join newest
        on charges.version_id = newest.version_id
    left join accounts
        on newest.account_id = accounts.account_id
    where
        lower(charges.charge_type) = 'recurring'
        and charges.valid_from is not null
        and (charges.valid_to is null or charges.valid_to > charges.valid_from)
        and not coalesce(charges.is_deleted, false)
),

rebates as (
    select
        charge_id,
        max(discount_percentage) as percentage,
        max(discount_amount) as amount
    from tiers
    group by 1
),

-- what is free, or a credit already, bears no discount
discounted as (
    select
        discounts.charge_id as discount_id,
        discounts.charge_number as discount_number,
        discounts.is_percentage,
        discounts.valid_from as discount_from,
        discounts.valid_to as discount_to,
        rebates.percentage,
        rebates.amount / coalesce(nullif(discounts.billing_months, 0), 1) as monthly_amount,
        priced.charge_id,
        priced.charge_number,
        priced.subscription_name,
        priced.account_id,
        priced.currency,
        greatest(priced.valid_from, discounts.valid_from) as valid_from,
        least(priced.valid_to, discounts.valid_to) as valid_to,
        priced.mrr
    from recurring as discounts
    inner join recurring as priced
        on
            discounts.account_id = priced.account_id
            and discounts.valid_from < priced.valid_to
            and discounts.valid_to > priced.valid_from
            and (
                discounts.discount_level = 'account'
                or discounts.subscription_name = priced.subscription_name
            )
            and (
                discounts.discount_level in ('account', 'subscription')
                or discounts.rate_plan_id = priced.rate_plan_id
            )
    left join rebates
        on discounts.charge_id = rebates.charge_id
    where
        discounts.is_discount
        and discounts.applies_to like '%recurring%'
        and not priced.is_discount
        and priced.mrr > 0
),

final as (
    select
        charge_id as subscription_period_id,
        account_id,
        charge_number as subscription_id,
        subscription_name,
        currency,
        valid_from,
        nullif(valid_to, {{ far }}) as valid_to,
        cast(mrr as {{ dbt.type_numeric() }}) as mrr,
        cast(seats as int) as seats
    from recurring
    where not is_discount
    union all
    select
        {{ dbt.concat(['discount_id', "':'", 'charge_id']) }} as subscription_period_id,
        account_id,
        charge_number as subscription_id,
        subscription_name,
        currency,
        valid_from,
        nullif(valid_to, {{ far }}) as valid_to,
        cast(-mrr * percentage / 100 as {{ dbt.type_numeric() }}) as mrr,
        cast(null as int) as seats
    from discounted
    where is_percentage
    union all
    select
        discount_id as subscription_period_id,
        account_id,
        discount_number as subscription_id,
        min(subscription_name) as subscription_name,
        currency,
        min(valid_from) as valid_from,
        nullif(max(valid_to), {{ far }}) as valid_to,
        cast(
            -case when min(monthly_amount) > sum(mrr) then sum(mrr) else min(monthly_amount) end
            as {{ dbt.type_numeric() }}
        ) as mrr,
        cast(null as int) as seats
    from discounted
    where not is_percentage
    group by 1, 2, 3, 5
)

select * from final
