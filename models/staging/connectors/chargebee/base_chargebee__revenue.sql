-- the lines of real invoices, and of the credit notes on them, net of tax and discounts
-- long, since a credit note has the columns of an invoice under names of its own
{{ config(enabled=plr_uses('chargebee', 'plr_input_revenue')) }}
{%- set given_back = "('subscription_change', 'subscription_cancellation', 'subscription_pause')" %}
{%- set goodwill = "('waiver', 'product_unsatisfactory', 'service_unsatisfactory', 'order_change', "
    ~ "'order_cancellation')" %}

with

invoices as (
    {{ plr_vendor('chargebee', 'invoice', {
        'document_id': ['id!', 'id'],
        'account_id': ['id!', 'customer_id'],
        'status': 'text!',
        'currency': ['text!', 'currency_code'],
        'price_type': 'text',
        'is_deleted': ['boolean', 'deleted'],
    }) }}
),

invoice_lines as (
    {{ plr_vendor('chargebee', 'invoice_line_item', {
        'line_id': ['text!', 'id'],
        'document_id': ['id!', 'invoice_id'],
        'account_id': ['id', 'customer_id'],
        'subscription_id': 'id',
        'entity_type': 'text!',
        'entity_id': 'text',
        'is_metered': ['boolean', 'metered', 'is_metered'],
        'date_from': 'timestamp!',
        'date_to': 'timestamp!',
        'amount': 'number!',
        'discount_amount': 'number',
        'tax_amount': 'number',
    }) }}
),

credit_notes as (
    {{ plr_vendor('chargebee', 'credit_note', {
        'document_id': ['id!', 'id'],
        'invoice_id': ['id', 'reference_invoice_id'],
        'account_id': ['id!', 'customer_id'],
        'status': 'text!',
        'currency': ['text!', 'currency_code'],
        'price_type': 'text',
        'reason': ['text', 'reason_code'],
        'is_deleted': ['boolean', 'deleted'],
    }, is_optional=true) }}
),

credit_lines as (
    {{ plr_vendor('chargebee', 'credit_note_line_item', {
        'line_id': ['text!', 'id'],
        'document_id': ['id!', 'credit_note_id'],
        'account_id': ['id', 'customer_id'],
        'subscription_id': 'id',
        'entity_type': 'text!',
        'entity_id': 'text',
        'is_metered': ['boolean', 'metered', 'is_metered'],
        'date_from': 'timestamp!',
        'date_to': 'timestamp!',
        'amount': 'number!',
        'discount_amount': 'number',
        'tax_amount': 'number',
    }, is_optional=true) }}
),

-- pending and void invoices pay for nothing, nor do those that nobody will pay
billed as (
    select *
    from invoices
    where status in ('paid', 'posted', 'payment_due') and not coalesce(is_deleted, false)
),

credited as (
    select credit_notes.*
    from credit_notes
    left join billed
        on credit_notes.invoice_id = billed.document_id
    where
        credit_notes.status <> 'voided'
        and not coalesce(credit_notes.is_deleted, false)
        and (credit_notes.invoice_id is null or billed.document_id is not null)
),

lines as (
    select
        invoice_lines.*,
        billed.account_id as document_account_id,
        billed.document_id as invoice_id,
        billed.currency,
        billed.price_type,
        cast(null as {{ dbt.type_string() }}) as reason,
        1 as sign
    from invoice_lines
    inner join billed
        on invoice_lines.document_id = billed.document_id
    union all
    select
        credit_lines.*,
        credited.account_id as document_account_id,
        coalesce(credited.invoice_id, credited.document_id) as invoice_id,
        credited.currency,
        credited.price_type,
        credited.reason,
        -1 as sign
    from credit_lines
    inner join credited
        on credit_lines.document_id = credited.document_id
),

-- an addon that is sold once has no time of service
kinds as (
    select
        *,
        case
            when is_metered then 'usage'
            when
                entity_type in ('plan_item_price', 'addon_item_price', 'plan', 'addon')
                and date_to > date_from
                then 'recurring'
            else 'one_time'
        end as kind,
        amount
        - coalesce(discount_amount, 0)
        - case when price_type = 'tax_inclusive' then coalesce(tax_amount, 0) else 0 end
            as net_amount
    from lines
),

final as (
    select
        {{ dbt.concat(['document_id', "':'", 'line_id']) }} as invoice_line_id,
        coalesce(account_id, document_account_id) as account_id,
        coalesce(
            {{ dbt.concat(['subscription_id', "':'", 'entity_id']) }}, subscription_id, invoice_id
        ) as subscription_id,
        upper(currency) as currency,
        case
            when sign = 1 then kind
            when kind <> 'recurring' or reason in {{ goodwill }} then 'refund'
            when reason in {{ given_back }} then 'proration'
            else 'credit'
        end as line_type,
        date_from as service_start,
        date_to as service_end,
        cast(
            {{ plr_major_units('sign * net_amount', 'currency') | indent(12) }}
            as {{ dbt.type_numeric() }}
        ) as amount
    from kinds
)

select * from final
