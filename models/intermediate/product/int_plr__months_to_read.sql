-- long, since every reason for reading a month again stands here, side by side
{{ config(materialized='table') }}
{#- what the last run that finished had read; none: everything is read -#}
{%- set last_read = plr_last_run_of('int_plr__events_read') -%}
{%- set tables = [
    plr_last_run_of('int_plr__signal_events'),
    plr_last_run_of('int_plr__event_months'),
    plr_last_run_of('int_plr__signal_months'),
] -%}
{%- set events = ref('stg_plr__product_events') -%}
{%- set meanings = ref('int_plr__event_meanings') -%}
{%- set changes = {} -%}
{%- if last_read is not none and none not in tables -%}
    {%- set changes = plr_changes_since(last_read, events, meanings) -%}
{%- endif %}

with

{% if changes and not changes.setting and not changes.everything -%}

    last_read as (
        select * from {{ last_read }}
    ),

    changed as (
        {{ plr_changed_meanings(last_read, meanings) | indent(8) }}
    ),

    last_months as (
        select
            cast(id as date) as event_month,
            cast(meaning as bigint) as event_rows
        from last_read
        where kind = 'month'
    ),

    {% if changes.has_late_rows -%}
        counted_months as (
            select
                coalesce({{ plr_month_of('occurred_at') }}, cast('1900-01-01' as date))
                    as event_month,
                count(*) as event_rows
            from {{ events }}
            group by 1
        ),

    {% endif -%}
    -- how much is looked up grows with the changes, not with the events
    months as (
        {% for month in changes.recent_months -%}
            select
                cast('{{ month }}' as date) as event_month,
                'recent' as reason
            union all
        {% endfor -%}
        select
            event_month,
            'recent' as reason
        from last_months
        where event_month >= cast('{{ changes.window_month }}' as date)
        {% if changes.has_late_rows -%}
            union all
            select
                counted_months.event_month,
                'late events' as reason
            from counted_months
            left join last_months
                on counted_months.event_month = last_months.event_month
            where counted_months.event_rows <> coalesce(last_months.event_rows, 0)
            union all
            select
                last_months.event_month,
                'late events' as reason
            from last_months
            left join counted_months
                on last_months.event_month = counted_months.event_month
            where counted_months.event_month is null and last_months.event_rows > 0
        {% endif -%}
        {% for month, reason in changes.unfinished -%}
            union all
            select
                cast('{{ month }}' as date) as event_month,
                '{{ reason }}' as reason
        {% endfor -%}
        {% if changes.looked_up -%}
            union all
            select
                coalesce({{ plr_month_of('events.occurred_at') }}, cast('1900-01-01' as date))
                    as event_month,
                'changed meaning' as reason
            from {{ events }} as events
            left join changed as accounts
                on
                    events.account_id = accounts.id
                    and accounts.is_looked_up
                    and (
                        accounts.kind = 'account'
                        or (
                            accounts.kind = 'contract of account'
                            and {{ plr_micros('events.occurred_at') }} >= accounts.from_us
                        )
                    )
            left join changed as users
                on
                    events.user_id = users.id
                    and users.is_looked_up
                    and (
                        users.kind = 'user'
                        or (
                            users.kind = 'contract of user'
                            and events.account_id is null
                            and {{ plr_micros('events.occurred_at') }} >= users.from_us
                        )
                    )
            left join changed as event_names
                on
                    events.event_name = event_names.id
                    and event_names.kind = 'event_name'
            where
                coalesce(accounts.id, users.id, event_names.id) is not null
                {% if changes.looked_up | min > 0 -%}
                    and events.occurred_at >= {{ plr_from_micros(changes.looked_up | min) }}
                {% endif -%}
        {% endif -%}
        union all
        select
            event_months.event_month,
            'found owner' as reason
        from {{ tables[1] }} as event_months
        inner join changed
            on
                event_months.unresolved_id = changed.id
                and changed.kind in ('account', 'user')
        union all
        select
            event_month,
            'as-of day' as reason
        from {{ tables[1] }}
        where
            (
                reject_code = 'future_dated'
                and first_us < {{ plr_micros(plr_as_of()) }} + {{ plr_days_us(1) }}
            )
            or (
                coalesce(reject_code, '') not in ('future_dated', 'no_events')
                and last_us >= {{ plr_micros(plr_as_of()) }} + {{ plr_days_us(1) }}
            )
        {% if changes.rule -%}
            union all
            select
                cast('1900-01-01' as date) as event_month,
                'rules' as reason
        {% endif -%}
    ),

{% else -%}

    months as (
        select
            cast('1900-01-01' as date) as event_month,
            'everything' as reason
        {% for table in tables[:2] if table is not none -%}
            union all
            select
                event_month,
                'everything' as reason
            from {{ table }}
        {% endfor -%}
    ),

{% endif -%}
final as (
    select distinct
        event_month,
        reason,
        '{{ invocation_id }}' as run_id
    from months
)

select * from final
