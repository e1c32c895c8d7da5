-- long, since rows, rejects, money and flags are counted side by side
{%- set no_share = 'cast(null as ' ~ plr_share_type() ~ ')' %}
{%- set no_detail = 'cast(null as ' ~ dbt.type_string() ~ ')' %}

with

codes as (
    {% for code, kind, what_to_do in plr_quality_codes() %}
        select
            '{{ code }}' as code,
            '{{ kind }}' as kind,
            '{{ what_to_do }}' as what_to_do
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

{% set codes_of_lost_rows = [] -%}
{% for code, kind, what_to_do in plr_quality_codes() if kind in ('structural', 'identity') -%}
    {% do codes_of_lost_rows.append("'" ~ code ~ "'") -%}
{% endfor -%}
-- one lost row of a hundred thousand is no detail: amounts as delivered, whatever their currency
amounts as (
    select
        abs(coalesce(mrr, amount)) as amount,
        coalesce(reject_code, 'valid') in ({{ codes_of_lost_rows | join(', ') }}) as is_lost
    from {{ ref('stg_plr__revenue') }}
    where
        coalesce(mrr, amount) <> 0
        and abs(coalesce(mrr, amount)) < {{ plr_too_much('numeric') }}
        and not coalesce(is_trial, false)
        and {{ plr_may_carry_mrr('line_type') | indent(8) }}
),

money as (
    select
        sum(case when is_lost then 1 else 0 end) as n_rows,
        {{ plr_money('sum(case when is_lost then amount else 0 end)') }} as lost_amount,
        {{ plr_money('sum(amount)') }} as amount
    from amounts
),

-- who pays in the last month, and who of them a feed that has rows at all knows nothing of: where
-- ids of two systems are not linked, customers seem to be without product, or without sales
payers as (
    select
        account_mrr.account_id,
        account_mrr.mrr
    from {{ ref('int_plr__account_mrr') }} as account_mrr
    inner join {{ ref('int_plr__months') }} as months
        on account_mrr.month = months.month
    where months.is_last and account_mrr.mrr > 0
),

feed_rows as (
    select
        'mrr_without_product_rows' as code,
        account_id
    from {{ ref('int_plr__event_months') }}
    where reject_code is null
    {% for relation in plr_crm_relations() -%}
        union all
        select
            'mrr_without_crm_rows' as code,
            account_id
        from {{ ref('int_plr__' ~ relation) }}
    {% endfor -%}
),

known_accounts as (
    select distinct
        code,
        account_id
    from feed_rows
),

known_feeds as (
    select distinct code
    from feed_rows
),

payers_by_feed as (
    select
        known_feeds.code,
        payers.mrr,
        case when known_accounts.account_id is null then payers.mrr end as unlinked_mrr
    from payers
    cross join known_feeds
    left join known_accounts
        on
            known_feeds.code = known_accounts.code
            and payers.account_id = known_accounts.account_id
),

unlinked as (
    select
        code,
        count(unlinked_mrr) as n_rows,
        {{ plr_money('sum(unlinked_mrr)') }} as unlinked_mrr,
        {{ plr_money('sum(mrr)') }} as mrr
    from payers_by_feed
    group by 1
),

-- linked ids stand among the accounts, and have no record_id where no account was delivered
small_row_counts as (
    {% for relation in plr_small_relations() %}
        select
            '{{ relation }}' as relation,
            reject_code,
            count(*) as n_rows
        from {{ ref('stg_plr__' ~ relation) }}
        {% if relation == 'accounts' %}where record_id is not null{% endif %}
        group by 2
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

row_counts as (
    select * from small_row_counts
    union all
    select
        'product_events' as relation,
        reject_code,
        sum(event_rows) as n_rows
    from {{ ref('int_plr__event_months') }}
    group by 2
),

relations as (
    select
        relation,
        sum(n_rows) as rows_in,
        sum(case when reject_code is null then n_rows else 0 end) as valid_rows
    from row_counts
    group by 1
),

all_relations as (
    {% for relation in plr_small_relations() | list + ['product_events'] %}
        select '{{ relation }}' as relation
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

findings as (
    select
        all_relations.relation,
        'valid' as code,
        coalesce(relations.valid_rows, 0) as n_rows,
        {{ no_share }} as share,
        {{ no_detail }} as detail
    from all_relations
    left join relations
        on all_relations.relation = relations.relation
    union all
    select
        all_relations.relation,
        'empty_feed' as code,
        1 as n_rows,
        {{ no_share }} as share,
        {{ no_detail }} as detail
    from all_relations
    left join relations
        on all_relations.relation = relations.relation
    where
        all_relations.relation in ('accounts', 'product_events', 'revenue')
        and coalesce(relations.valid_rows, 0) = 0
    union all
    select
        'revenue' as relation,
        'rejected_money' as code,
        n_rows,
        {{ plr_ratio('lost_amount', 'amount') }} as share,
        {{ dbt.concat([
            'cast(lost_amount as ' ~ dbt.type_string() ~ ')', "' of '",
            'cast(amount as ' ~ dbt.type_string() ~ ')'
        ]) }} as detail
    from money
    where n_rows > 0
    union all
    select
        'revenue' as relation,
        code,
        n_rows,
        {{ plr_ratio('unlinked_mrr', 'mrr') }} as share,
        {{ dbt.concat([plr_amount_text('unlinked_mrr'), "' of '", plr_amount_text('mrr')]) }}
            as detail
    from unlinked
    where n_rows > 0
    union all
    select
        relation,
        reject_code as code,
        n_rows,
        {{ no_share }} as share,
        {{ no_detail }} as detail
    from row_counts
    where reject_code is not null
    union all
    select
        relation,
        code,
        n_rows,
        {{ no_share }} as share,
        detail
    from {{ ref('int_plr__quality_flags') }}
),

final as (
    select
        findings.relation,
        findings.code,
        codes.kind,
        codes.what_to_do,
        findings.detail,
        coalesce(relations.rows_in, 0) as rows_in,
        coalesce(relations.valid_rows, 0) as valid_rows,
        findings.n_rows,
        coalesce(
            findings.share, {{ plr_ratio('findings.n_rows', 'relations.rows_in') }}
        ) as share,
        {{ plr_ratio(
            "sum(case when codes.kind = 'structural' then findings.n_rows else 0 end)"
            ~ " over (partition by findings.relation)",
            'relations.rows_in'
        ) }} as structural_share
    from findings
    inner join codes
        on findings.code = codes.code
    left join relations
        on findings.relation = relations.relation
)

select * from final
