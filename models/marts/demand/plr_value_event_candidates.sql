{{ config(enabled=var('plr_find_value_events'), tags=['plr_setup']) }}
{%- set populations = {'older': 'older_', 'newer': '', 'uncontacted': 'uncontacted_'} -%}
{%- set counts = ['reached', 'reached_converted', 'rest', 'rest_converted'] -%}
{%- set shares = [
    'reached_conversion_rate', 'reached_conversion_ci_low', 'reached_conversion_ci_high',
    'rest_conversion_rate', 'rest_conversion_ci_low', 'rest_conversion_ci_high',
    'difference', 'difference_ci_low', 'difference_ci_high', 'lift'
] %}

-- long, since each rate has its interval, and the same is asked of those nobody had contacted
with

counted as (
    select * from {{ ref('int_plr__value_event_groups') }}
),

roles as (
    select
        event_name,
        {{ plr_listed('role', [plr_in_byte_order('role')]) }} as roles
    from {{ ref('stg_plr__event_roles') }}
    group by 1
),

-- too few of either tell nothing
told as (
    select
        {% for side in ['reached', 'rest'] -%}
            case
                when
                    least(reached, rest) >= {{ var('plr_value_event_accounts') }}
                    and least(reached_converted, rest_converted)
                    >= {{ var('plr_value_event_conversions') }}
                    then {{ side }}
            end as n_{{ side }},
        {% endfor -%}
        *
    from counted
),

estimated as (
    select
        {% for side in ['reached', 'rest'] -%}
            {{ plr_divided(side ~ '_converted', 'n_' ~ side) }} as {{ side }}_conversion_rate,
            {{ plr_wilson_middle(side ~ '_converted', 'n_' ~ side) }}
            - {{ plr_wilson_reach(side ~ '_converted', 'n_' ~ side) | indent(12) }}
                as {{ side }}_conversion_ci_low,
            {{ plr_wilson_middle(side ~ '_converted', 'n_' ~ side) }}
            + {{ plr_wilson_reach(side ~ '_converted', 'n_' ~ side) | indent(12) }}
                as {{ side }}_conversion_ci_high,
        {% endfor -%}
        *
    from told
),

-- Newcombe's interval of a difference, from Wilson's of each part
compared as (
    select
        *,
        reached_conversion_rate - rest_conversion_rate as difference,
        reached_conversion_rate - rest_conversion_rate - {{ plr_root_of_squares(
            '(reached_conversion_rate - reached_conversion_ci_low)',
            '(rest_conversion_ci_high - rest_conversion_rate)'
        ) }} as difference_ci_low,
        reached_conversion_rate - rest_conversion_rate + {{ plr_root_of_squares(
            '(reached_conversion_ci_high - reached_conversion_rate)',
            '(rest_conversion_rate - rest_conversion_ci_low)'
        ) }} as difference_ci_high,
        reached_conversion_rate / nullif(rest_conversion_rate, 0) as lift
    from estimated
),

pivoted as (
    select
        event_name,
        min_events,
        window_days,
        first_days_events,
        first_days_accounts,
        {% for population, prefix in populations.items() -%}
            {% for column in counts -%}
                max(case when population = '{{ population }}' then {{ column }} end)
                    as {{ prefix }}{{ column }},
            {% endfor -%}
            {% for column in shares -%}
                cast(
                    max(case when population = '{{ population }}' then {{ column }} end)
                    as {{ plr_share_type() }}
                ) as {{ prefix }}{{ column }},
            {% endfor -%}
        {% endfor -%}
        {% for column in [
            'reached_before_contact', 'days_of_lead_median', 'reached_payers',
            'reached_retained', 'rest_payers', 'rest_retained'
        ] -%}
            max(case when population = 'newer' then {{ column }} end) as {{ column }},
        {% endfor -%}
        max(case when population = 'paid_in_window' then reached end) as paid_in_window,
        max(case when population = 'not_covered' then reached + rest end) as not_covered
    from compared
    group by 1, 2, 3, 4, 5
),

-- by the older half, so that the best of hundreds is not merely lucky in what is shown
ranked as (
    select
        pivoted.*,
        roles.roles,
        row_number() over (
            order by
                case when pivoted.older_difference_ci_low is null then 1 else 0 end,
                pivoted.older_difference_ci_low desc,
                pivoted.min_events,
                pivoted.window_days,
                {{ plr_in_byte_order('pivoted.event_name') }}
        ) as row_rank
    from pivoted
    left join roles
        on pivoted.event_name = roles.event_name
),

final as (
    select
        event_name,
        cast(min_events as int) as min_events,
        cast(window_days as int) as window_days,
        cast(case when older_difference_ci_low is not null then row_rank end as int)
            as candidate_rank,
        older_difference_ci_low,
        roles,
        first_days_events,
        cast(first_days_accounts as int) as first_days_accounts,
        {% for prefix in ['', 'uncontacted_'] -%}
            {% for column in counts -%}
                cast({{ prefix }}{{ column }} as int) as {{ prefix }}{{ column }},
            {% endfor -%}
            {% for column in shares -%}
                {{ prefix }}{{ column }},
            {% endfor -%}
        {% endfor -%}
        cast(paid_in_window as int) as paid_in_window,
        cast(days_of_lead_median as int) as days_of_lead_median,
        cast(reached_payers as int) as reached_payers,
        cast(rest_payers as int) as rest_payers,
        {% for part, whole, rate, interval in [
            ('reached_before_contact', 'reached', 'reached_before_contact_share',
                'reached_before_contact'),
            ('reached_retained', 'reached_payers', 'reached_retention_rate', 'reached_retention'),
            ('rest_retained', 'rest_payers', 'rest_retention_rate', 'rest_retention'),
        ] -%}
            cast({{ part }} as int) as {{ part }},
            {{ plr_ratio(part, whole) }} as {{ rate }},
            {{ plr_wilson_low(part, whole) | indent(12) }}
                as {{ interval }}_ci_low,
            {{ plr_wilson_high(part, whole) | indent(12) }}
                as {{ interval }}_ci_high,
        {% endfor -%}
        cast(not_covered as int) as not_covered,
        {{ plr_confidence_of('least(reached, rest)') | indent(8) }} as confidence,
        'association, not cause' as caution
    from ranked
)

select * from final
