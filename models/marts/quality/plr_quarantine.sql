with

rejected_rows as (
    {% for relation in plr_small_relations() %}
        select
            '{{ relation }}' as relation,
            record_id,
            reject_code as code,
            reject_detail as detail,
            1 as n_rows
        from {{ ref('stg_plr__' ~ relation) }}
        where reject_code is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

signal_events as (
    select
        'product_events' as relation,
        {{ plr_shown(['event_id', 'occurred_at'], '|') }} as record_id,
        reject_code as code,
        {{ plr_shown(['event_name', 'account_id', 'user_id'], ', ', with_names=true) }} as detail,
        1 as n_rows
    from {{ ref('int_plr__signal_events') }}
    where is_signal and reject_code is not null
),

-- plain usage is not kept event by event: one row an account-month and code, with its count
usage_events as (
    select
        'product_events' as relation,
        {{ plr_shown(['account_id', 'event_month'], '|') }} as record_id,
        reject_code as code,
        'usage events of the account and month' as detail,
        sum(event_rows - signal_rows) as n_rows
    from {{ ref('int_plr__event_months') }}
    where reject_code is not null and event_rows > signal_rows
    group by 1, 2, 3, 4
),

unioned as (
    select * from rejected_rows
    union all
    select * from signal_events
    union all
    select * from usage_events
),

final as (
    select
        relation,
        record_id,
        code,
        detail,
        cast(sum(n_rows) as bigint) as {{ adapter.quote('rows') }}
    from unioned
    group by 1, 2, 3, 4
)

select * from final
