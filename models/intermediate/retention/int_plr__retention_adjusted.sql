{{ config(materialized='view') }}
{#- Each a ratio of sums over accounts; long, since the error of each is found beside it. -#}
{%- set metrics = {
    'nrr': ('ending_mrr', 'starting_mrr'),
    'grr': ('least(ending_mrr, starting_mrr)', 'starting_mrr'),
    'logo_retention': ('case when ending_mrr > 0 then 1 else 0 end', '1'),
    'expansion_rate': ('greatest(ending_mrr - starting_mrr, 0)', 'starting_mrr'),
} -%}
{%- set stratum = 'month, segment, tercile, origin_group' -%}

-- both groups given one mix of segments and sizes: the mix they have together
with

cohorts as (
    select
        account_id,
        month,
        segment,
        case when origin = 'sales_originated' then origin else 'product_driven' end
            as origin_group,
        starting_mrr,
        ending_mrr
    from {{ ref('int_plr__retention_cohorts') }}
    where origin in ({{ plr_product_driven_origins() }}, 'sales_originated')
),

sized as (
    select
        *,
        ntile(3) over (
            partition by month, segment
            order by starting_mrr, {{ plr_in_byte_order('account_id') }}
        ) as tercile
    from cohorts
),

deviations as (
    select
        *,
        {{ plr_deviation('ending_mrr', 'starting_mrr', stratum) | indent(8) }} as nrr_deviation,
        {{ plr_deviation('least(ending_mrr, starting_mrr)', 'starting_mrr', stratum) | indent(8) }}
            as grr_deviation,
        {{ plr_deviation('case when ending_mrr > 0 then 1 else 0 end', '1', stratum) | indent(8) }}
            as logo_retention_deviation,
        {{ plr_deviation(
            'greatest(ending_mrr - starting_mrr, 0)', 'starting_mrr', stratum
        ) | indent(8) }} as expansion_rate_deviation
    from sized
),

-- and the squared standard error of each ratio, linearised
strata as (
    select
        month,
        segment,
        tercile,
        origin_group,
        count(*) as accounts,
        {% for metric, (numerator, denominator) in metrics.items() -%}
            {{ plr_divided('sum(' ~ numerator ~ ')', 'sum(' ~ denominator ~ ')') }} as {{ metric }},
            sum(cast({{ metric }}_deviation as {{ plr_double() }}) * {{ metric }}_deviation)
            * count(*)
            / nullif((count(*) - 1) * sum({{ denominator }}) * sum({{ denominator }}), 0)
                as {{ metric }}_square,
        {% endfor -%}
        sum(starting_mrr) as starting_mrr
    from deviations
    group by 1, 2, 3, 4
),

compared as (
    select
        *,
        sum(starting_mrr) over (partition by month) as total_mrr,
        sum(starting_mrr) over (partition by month, segment, tercile) as stratum_mrr,
        count(*) over (partition by month, segment, tercile) as stratum_groups,
        min(accounts) over (partition by month, segment, tercile) as fewest_accounts
    from strata
),

-- a stratum without enough accounts of each group compares nothing
weighed as (
    select
        *,
        cast(
            case
                when
                    stratum_groups = 2
                    and fewest_accounts >= {{ var('plr_comparison_stratum_accounts') }}
                    then stratum_mrr
                else 0
            end as {{ plr_double() }}
        ) as weight
    from compared
),

segments_left_out as (
    select
        month,
        segment
    from weighed
    group by 1, 2
    having max(weight) = 0
),

left_out as (
    select
        month,
        {{ plr_listed('segment', [plr_in_byte_order('segment')]) }} as segments_left_out
    from segments_left_out
    group by 1
),

standardised as (
    select
        month,
        origin_group,
        {% for metric in metrics -%}
            {{ plr_ratio('sum(weight * ' ~ metric ~ ')', 'sum(weight)') }} as {{ metric }},
            case
                when count(case when weight > 0 and {{ metric }}_square is null then 1 end) = 0
                    then {{ plr_divided(
                        'sqrt(sum(weight * weight * ' ~ metric ~ '_square))', 'sum(weight)'
                    ) }}
            end as {{ metric }}_error,
        {% endfor -%}
        sum(case when weight > 0 then 1 else 0 end) as strata,
        {{ plr_ratio('sum(weight)', 'max(total_mrr)') }} as common_support_share
    from weighed
    group by 1, 2
),

-- too little in common: nothing is claimed
final as (
    select
        standardised.month,
        standardised.origin_group,
        {% for metric in metrics -%}
            {% for column in [metric, metric ~ '_error'] -%}
                case
                    when
                        standardised.common_support_share >= {{ var('plr_comparison_support') }}
                        then standardised.{{ column }}
                end as {{ column }},
            {% endfor -%}
        {% endfor -%}
        standardised.strata,
        standardised.common_support_share,
        left_out.segments_left_out
    from standardised
    left join left_out
        on standardised.month = left_out.month
)

select * from final
