{{ config(materialized='view') }}
-- long, since every flag of every input stands here, side by side, each a count of its own
{%- set no_detail = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with

intervals as (
    select * from {{ ref('int_plr__mrr_intervals') }}
),

negative_account_months as (
    select
        account_id,
        month,
        max(total_mrr) as total_mrr
    from {{ ref('int_plr__mrr_months') }}
    where total_mrr <= -{{ var('plr_zero_mrr_band') }}
    group by 1, 2
),

-- rows that are used without a value that they had
dropped_values as (
    {% for relation in plr_small_relations() if plr_drops_values(relation) %}
        select
            '{{ relation }}' as relation,
            dropped_columns,
            count(*) as n_rows
        from {{ ref('stg_plr__' ~ relation) }}
        where reject_code is null and dropped_columns is not null
        group by 2
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- what the last month kept of the month before
last_months as (
    select
        sum(case when account_mrr.month = months.month then account_mrr.mrr else 0 end) as mrr,
        sum(case when account_mrr.month < months.month then account_mrr.mrr else 0 end)
            as mrr_before
    from {{ ref('int_plr__months') }} as months
    inner join {{ ref('int_plr__account_mrr') }} as account_mrr
        on
            {{ plr_date_add('month', -1, 'months.month') }} <= account_mrr.month
            and months.month >= account_mrr.month
    where months.is_last
),

-- rows of a subscription in order; what a discount or credit lowers stands beside it
charges as (
    select
        account_id,
        subscription_id,
        record_id,
        {{ plr_micros('coalesce(valid_from, service_start)') }} as start_us,
        coalesce(
            {{ plr_micros('coalesce(valid_to, service_end)') }}, {{ plr_forever_us() }}
        ) as end_us
    from {{ ref('stg_plr__revenue') }}
    where
        reject_code is null
        and coalesce(mrr, amount) >= 0
        and {{ plr_may_carry_mrr('line_type') | indent(8) }}
),

ends_before as (
    select
        start_us,
        lag(end_us) over (
            partition by account_id, subscription_id
            order by start_us, end_us, {{ plr_in_byte_order('record_id') }}
        ) as end_before_us
    from charges
    where end_us > start_us
),

day_gaps as (
    select
        count(*) as n_pairs,
        sum(
            case when start_us - end_before_us = {{ plr_days_us(1) }} then 1 else 0 end
        ) as n_rows
    from ends_before
    where end_before_us is not null
),

-- value that always comes at midnight: days that are called instants
value_names as (
    select distinct event_name
    from {{ ref('stg_plr__event_roles') }}
    where role = 'value'
),

value_times as (
    select
        count(*) as n_events,
        sum(
            case
                when events.lo_us = events.hi_us and {{ plr_is_midnight('events.occurred_at', 0) }}
                    then 1
                else 0
            end
        ) as n_rows
    from {{ ref('int_plr__signal_events') }} as events
    inner join value_names
        on events.event_name = value_names.event_name
    where events.reject_code is null and not events.is_automated
),

-- what says the same of an account under several subscriptions
revenue_alike as (
    select
        account_id,
        currency,
        line_type,
        mrr,
        amount,
        month,
        valid_from,
        valid_to,
        service_start,
        service_end,
        count(*) as n_rows,
        count(distinct subscription_id) as n_subscriptions
    from {{ ref('stg_plr__revenue') }}
    where reject_code is null and coalesce(mrr, amount) <> 0
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
),

alike as (
    select
        sum(n_rows) as n_all,
        sum(case when n_subscriptions > 1 then n_rows else 0 end) as n_rows
    from revenue_alike
),

mrr_carried as (
    select count(*) as n_months
    from {{ ref('int_plr__account_mrr') }}
    where mrr <> 0
),

counted as (
    select
        relation,
        'dropped_value' as code,
        sum(n_rows) as n_rows,
        {{ plr_listed(
            dbt.concat(['dropped_columns', "': '", 'cast(n_rows as ' ~ dbt.type_string() ~ ')']),
            ['dropped_columns']
        ) }} as detail
    from dropped_values
    group by 1
    union all
    select
        'account_links' as relation,
        'link_cycle' as code,
        count(*) as n_rows,
        {{ dbt.concat(["'the first: '", 'min(' ~ plr_in_byte_order('account_id') ~ ')']) }}
            as detail
    from {{ ref('stg_plr__accounts') }}
    where is_link_ignored
    {% for relation in plr_crm_relations() -%}
        union all
        select
            '{{ relation }}' as relation,
            'unknown_word' as code,
            count(*) as n_rows,
            {{ no_detail }} as detail
        from {{ ref('stg_plr__' ~ relation) }}
        where
            reject_code is null
            and ({{ plr_has_unknown_word(relation) | indent(16) }})
    {% endfor -%}
    union all
    select
        'revenue' as relation,
        'overlapping_period' as code,
        count(*) as n_rows,
        {{ no_detail }} as detail
    from intervals
    where is_overlapping
    union all
    select
        'revenue' as relation,
        'intra_month' as code,
        count(*) as n_rows,
        {{ no_detail }} as detail
    from intervals
    where
        mrr > 0
        and not is_trial
        and valid_to > valid_from
        and valid_to <= {{ dbt.last_day('valid_from', 'month') }}
        and {{ plr_month_of('valid_from') }}
        <= {{ plr_last_complete_month(plr_revenue_as_of_date()) }}
    union all
    select
        'revenue' as relation,
        'goodwill_credit' as code,
        count(*) as n_rows,
        {{ no_detail }} as detail
    from {{ ref('int_plr__invoice_credits') }}
    where is_goodwill
    union all
    select
        'revenue' as relation,
        'negative_account_mrr' as code,
        count(*) as n_rows,
        {{ dbt.concat([
            "'credits beyond charges: '", 'cast(sum(total_mrr) as ' ~ dbt.type_string() ~ ')'
        ]) }} as detail
    from negative_account_months
    union all
    select
        'revenue' as relation,
        'revenue_break' as code,
        1 as n_rows,
        {{ dbt.concat([
            "'closing MRR of the last month: '",
            'cast(' ~ plr_money('mrr') ~ ' as ' ~ dbt.type_string() ~ ')',
            "', of the month before: '",
            'cast(' ~ plr_money('mrr_before') ~ ' as ' ~ dbt.type_string() ~ ')'
        ]) }} as detail
    from last_months
    where mrr < mrr_before * {{ var('plr_revenue_break_share') }}
    union all
    select
        'revenue' as relation,
        'ends_look_inclusive' as code,
        n_rows,
        {{ no_detail }} as detail
    from day_gaps
    where
        n_pairs >= {{ var('plr_inclusive_end_pairs') }}
        and n_rows > n_pairs * {{ var('plr_inclusive_end_share') }}
    union all
    select
        'product_events' as relation,
        'times_look_daily' as code,
        n_rows,
        {{ no_detail }} as detail
    from value_times
    where
        n_events >= {{ var('plr_inclusive_end_pairs') }}
        and n_rows > n_events * {{ var('plr_inclusive_end_share') }}
    union all
    select
        'revenue' as relation,
        'rows_look_doubled' as code,
        n_rows,
        {{ no_detail }} as detail
    from alike
    where
        n_all >= {{ var('plr_inclusive_end_pairs') }}
        and n_rows > n_all * {{ var('plr_inclusive_end_share') }}
    union all
    select
        'revenue' as relation,
        'no_mrr' as code,
        count(*) as n_rows,
        {{ no_detail }} as detail
    from {{ ref('stg_plr__revenue') }} as revenue
    cross join mrr_carried
    where revenue.reject_code is null and mrr_carried.n_months = 0
    union all
    select
        'revenue' as relation,
        code,
        sum(affected_rows) as n_rows,
        {{ plr_listed(
            dbt.concat(['currency', "' '", 'cast(month as ' ~ dbt.type_string() ~ ')']),
            [plr_in_byte_order('currency'), 'month']
        ) }} as detail
    from {{ ref('int_plr__revenue_gaps') }}
    group by 2
    union all
    select
        'crm_activities' as relation,
        'backdated_activity' as code,
        count(*) as n_rows,
        {{ no_detail }} as detail
    from {{ ref('int_plr__crm_activities') }}
    where is_backdated
    union all
    select
        'crm_activities' as relation,
        'contact_unmatched' as code,
        count(*) as n_rows,
        {{ no_detail }} as detail
    from {{ ref('int_plr__sales_touches') }}
    where is_unmatched
    union all
    select
        case when feed = 'crm' then 'crm_activities' else feed end as relation,
        'stale_feed' as code,
        1 as n_rows,
        {{ dbt.concat([
            "'newest row: '",
            'cast(' ~ plr_from_micros('stale_from_us') ~ ' as ' ~ dbt.type_string() ~ ')'
        ]) }} as detail
    from {{ ref('int_plr__feeds') }}
    where stale_from_us is not null
    union all
    select
        'product_events' as relation,
        'tracking_break' as code,
        count(*) as n_rows,
        {{ plr_listed('cast(month as ' ~ dbt.type_string() ~ ')', ['month']) }} as detail
    from {{ ref('int_plr__tracking_breaks') }}
),

final as (
    select
        relation,
        code,
        n_rows,
        detail
    from counted
    where n_rows > 0
)

select * from final
