-- the lines of real invoices, net of discounts and of tax in the price
{{ config(
    enabled=plr_uses('recurly', 'plr_input_revenue') or plr_uses('recurly', 'plr_input_contracts')
) }}

with

invoices as (
    {{ plr_vendor('recurly', 'invoice_history', {
        'invoice_id': ['id!', 'id'],
        'state': 'text!',
        'updated_at': 'timestamp!',
    }) }}
),

lines as (
    {{ plr_vendor('recurly', 'line_item_history', {
        'invoice_line_id': ['id!', 'id'],
        'account_id': 'id!',
        'invoice_id': 'id!',
        'original_invoice_id': ['id', 'original_line_item_invoice_id'],
        'subscription_id': 'id',
        'type': 'text!',
        'state': 'text!',
        'origin': 'text!',
        'plan_code': 'text',
        'add_on_code': 'text',
        'add_on_id': 'text',
        'currency': 'text!',
        'subtotal': 'number!',
        'discount': 'number',
        'tax': 'number',
        'is_tax_inclusive': ['boolean', 'tax_inclusive'],
        'proration_rate': 'number',
        'is_refund': ['boolean', 'refund'],
        'start_date': 'timestamp!',
        'end_date': 'timestamp!',
        'updated_at': 'timestamp!',
    }) }}
),

add_ons as (
    {{ plr_vendor('recurly', 'plan_add_on_history', {
        'add_on_id': ['text!', 'id'],
        'add_on_type': 'text',
    }, is_optional=true) }}
),

by_usage as (
    select distinct add_on_id
    from add_ons
    where add_on_type = 'usage'
),

newest_invoices as (
    select
        *,
        row_number() over (partition by invoice_id order by updated_at desc) as place
    from invoices
),

newest_lines as (
    select
        *,
        row_number() over (partition by invoice_line_id order by updated_at desc) as place
    from lines
),

-- what nobody paid, or will, pays for nothing, and what is given back of it is nothing, too
billed as (
    select invoice_id
    from newest_invoices
    where place = 1 and state not in ('failed', 'voided')
),

-- a credit has negative amounts; whether its discount is negative, too, nobody says
standing as (
    select
        newest_lines.*,
        by_usage.add_on_id is not null as is_by_usage,
        newest_lines.type = 'credit' or newest_lines.subtotal < 0 as is_credit,
        coalesce(newest_lines.end_date > newest_lines.start_date, false) as has_service,
        abs(newest_lines.subtotal)
        - abs(coalesce(newest_lines.discount, 0))
        - case
            when newest_lines.is_tax_inclusive then abs(coalesce(newest_lines.tax, 0)) else 0
        end as net_amount
    from newest_lines
    inner join billed
        on newest_lines.invoice_id = billed.invoice_id
    left join billed as originals
        on newest_lines.original_invoice_id = originals.invoice_id
    left join by_usage
        on newest_lines.add_on_id = by_usage.add_on_id
    where
        newest_lines.place = 1
        and newest_lines.state = 'invoiced'
        and newest_lines.origin <> 'carryforward'
        and (newest_lines.original_invoice_id is null or originals.invoice_id is not null)
),

final as (
    select
        invoice_line_id,
        account_id,
        coalesce(
            {{ dbt.concat(['subscription_id', "':'", 'coalesce(add_on_code, plan_code)']) }},
            subscription_id,
            {{ dbt.concat(['account_id', "':'", 'coalesce(add_on_code, plan_code)']) }},
            invoice_id
        ) as subscription_id,
        upper(currency) as currency,
        case
            when is_by_usage and not is_credit then 'usage'
            when is_credit and (is_by_usage or not has_service) then 'refund'
            when is_credit and is_refund and coalesce(proration_rate, 1) = 1 then 'refund'
            when is_credit and origin in ('plan', 'add_on') then 'proration'
            when is_credit then 'credit'
            when origin not in ('plan', 'plan_trial', 'add_on', 'add_on_trial') then 'one_time'
            when not has_service then 'one_time'
            when proration_rate <> 1 then 'proration'
            else 'recurring'
        end as line_type,
        start_date as service_start,
        end_date as service_end,
        case when is_credit then -net_amount else net_amount end as amount,
        -- tax in the price bears its part of the discount
        case
            when subtotal <> 0 then 1 - abs(coalesce(discount, 0)) / abs(subtotal) else 1
        end as net_share
    from standing
)

select * from final
