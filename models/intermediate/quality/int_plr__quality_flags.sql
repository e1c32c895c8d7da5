{{ config(materialized='view') }}
-- long, since every flag of every input stands here, side by side
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
        and {{ plr_month_of('valid_from') }} <= {{ plr_last_complete_month() }}
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
