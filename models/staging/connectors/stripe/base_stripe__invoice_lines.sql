-- the lines of real invoices, net of tax and discounts, in major units
{{ config(
    enabled=plr_uses('stripe', 'plr_input_revenue') or plr_uses('stripe', 'plr_input_contracts')
) }}

with

invoices as (
    {{ plr_vendor('stripe', 'invoice', {
        'invoice_id': ['id!', 'id'],
        'account_id': ['id!', 'customer_id'],
        'status': 'text!',
        'total': 'number!',
        'tax': 'number',
        'is_deleted': 'boolean',
        'is_live': ['boolean', 'livemode'],
    }) }}
),

lines as (
    {{ plr_vendor('stripe', 'invoice_line_item', {
        'unique_id': 'text',
        'id': 'text!',
        'invoice_id': 'id!',
        'subscription_id': 'id',
        'subscription_item_id': 'id',
        'price_id': 'text',
        'plan_id': 'text',
        'type': 'text',
        'currency': 'text!',
        'period_start': 'timestamp!',
        'period_end': 'timestamp!',
        'amount': 'number!',
        'quantity': 'number',
        'is_proration': ['boolean', 'proration'],
        'is_discountable': ['boolean', 'discountable'],
    }) }}
),

prices as (
    {{ plr_vendor('stripe', 'price', {
        'price_id': ['text!', 'id'],
        'usage_type': ['text', 'recurring_usage_type'],
    }) }}
),

metered as (
    select distinct price_id
    from prices
    where usage_type = 'metered'
),

-- a draft, void or uncollectible invoice pays for nothing; a discount is on the invoice, and spares
-- prorations, which are net of it
billed as (
    select
        lines.*,
        invoices.account_id,
        coalesce(lines.price_id, lines.plan_id) as used_price_id,
        invoices.total - coalesce(invoices.tax, 0) as net_total,
        coalesce(lines.is_discountable, not coalesce(lines.is_proration, false)) as is_shared_out
    from lines
    inner join invoices
        on lines.invoice_id = invoices.invoice_id
    where
        invoices.status in ('paid', 'open')
        and not coalesce(invoices.is_deleted, false)
        and coalesce(invoices.is_live, true)
),

summed as (
    select
        *,
        sum(case when is_shared_out then amount else 0 end) over (partition by invoice_id)
            as shared_out,
        sum(case when is_shared_out then 0 else amount end) over (partition by invoice_id)
            as kept_whole
    from billed
),

rated as (
    select
        *,
        case
            when
                is_shared_out
                and shared_out > 0
                and net_total - kept_whole between 0 and shared_out
                then net_total - kept_whole
        end as net_shared_out
    from summed
),

final as (
    select
        {{ dbt.concat(['rated.invoice_id', "':'", 'coalesce(rated.unique_id, rated.id)']) }}
            as invoice_line_id,
        rated.account_id,
        coalesce(rated.subscription_item_id, rated.subscription_id, rated.invoice_id)
            as subscription_id,
        rated.used_price_id as price_id,
        upper(rated.currency) as currency,
        case
            when metered.price_id is not null then 'usage'
            when rated.is_proration then 'proration'
            when
                rated.type = 'subscription'
                or (rated.type is null and rated.subscription_item_id is not null)
                then 'recurring'
            else 'one_time'
        end as line_type,
        rated.period_start as service_start,
        rated.period_end as service_end,
        -- multiplied first: some warehouses keep six digits of a quotient
        {{ plr_major_units(
            'coalesce(rated.amount * rated.net_shared_out / rated.shared_out, rated.amount)',
            'rated.currency'
        ) }} as amount,
        coalesce(rated.net_shared_out / rated.shared_out, 1) as net_share,
        rated.quantity
    from rated
    left join metered
        on rated.used_price_id = metered.price_id
)

select * from final
