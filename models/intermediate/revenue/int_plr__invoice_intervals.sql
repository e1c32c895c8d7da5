{{ config(materialized='view') }}
{%- set carrying = ['recurring', 'proration', 'credit'] + (
    ['usage'] if var('plr_include_usage_in_mrr') else []
) %}

with

lines as (
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        service_start,
        service_end,
        amount,
        {{ plr_months_between('service_start', 'service_end') | indent(8) }} as calendar_months
    from {{ ref('stg_plr__revenue') }}
    where
        reject_code is null
        and revenue_shape = 'invoices'
        and line_type in ({{ "'" ~ carrying | join("', '") ~ "'" }})
        and service_end > service_start
),

-- whole months where the dates allow, else counted back from the end
whole_months as (
    select
        *,
        {{ plr_date_add('month', 'calendar_months', 'service_start') }} = service_end
        or {{ plr_date_add('month', '-calendar_months', 'service_end') }} = service_start
            as is_whole,
        case
            when
                {{ plr_date_add('month', '-calendar_months', 'service_end') }} >= service_start
                then calendar_months
            else calendar_months - 1
        end as months_back
    from lines
),

service_months as (
    select
        *,
        case
            when is_whole then calendar_months
            else
                months_back + {{ plr_divided(
                    dbt.datediff(
                        'service_start',
                        plr_date_add('month', '-months_back', 'service_end'),
                        'day'
                    ),
                    dbt.datediff(
                        plr_date_add('month', '-(months_back + 1)', 'service_end'),
                        plr_date_add('month', '-months_back', 'service_end'),
                        'day'
                    )
                ) }}
        end as n_months
    from whole_months
),

-- a subscription's lines joined into stretches without a gap
stretch_starts as (
    select
        *,
        case
            when service_start <= max(service_end) over (
                partition by account_id, subscription_id
                order by service_start, service_end, {{ plr_in_byte_order('record_id') }}
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as starts_stretch
    from service_months
),

numbered_stretches as (
    select
        *,
        sum(starts_stretch) over (
            partition by account_id, subscription_id
            order by service_start, service_end, {{ plr_in_byte_order('record_id') }}
            rows between unbounded preceding and current row
        ) as stretch_number
    from stretch_starts
),

stretches as (
    select
        account_id,
        subscription_id,
        stretch_number,
        max(service_end) as stretch_end,
        lead(min(service_start), 1, {{ plr_date_add('day', 1, plr_as_of()) }}) over (
            partition by account_id, subscription_id
            order by stretch_number
        ) as next_start
    from numbered_stretches
    group by 1, 2, 3
),

-- a short gap is dunning: what the last covered day carried goes on until the next stretch
final as (
    select
        numbered.record_id,
        numbered.account_id,
        numbered.currency,
        numbered.service_start as valid_from,
        case
            when
                numbered.service_end = stretches.stretch_end
                and stretches.next_start > stretches.stretch_end
                and {{ dbt.datediff('stretches.stretch_end', 'stretches.next_start', 'day') }}
                <= {{ var('plr_gap_grace_days') }}
                then stretches.next_start
            else numbered.service_end
        end as valid_to,
        {{ plr_money_of_float(plr_divided('numbered.amount', 'numbered.n_months')) }} as mrr
    from numbered_stretches as numbered
    inner join stretches
        on
            numbered.account_id = stretches.account_id
            and numbered.subscription_id = stretches.subscription_id
            and numbered.stretch_number = stretches.stretch_number
)

select * from final
