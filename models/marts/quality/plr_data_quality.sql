{{ config(post_hook='{{ product_led_revenue.plr_say_doubts(this) }}') }}

with

counts as (
    select * from {{ ref('int_plr__quality_counts') }}
),

final as (
    select
        relation,
        code,
        kind,
        cast(rows_in as bigint) as rows_in,
        cast(valid_rows as bigint) as valid_rows,
        cast(n_rows as bigint) as {{ adapter.quote('rows') }},
        share,
        case
            when code = 'valid' then 'ok'
            when
                kind = 'structural'
                and relation in ('accounts', 'product_events', 'revenue')
                and share > {{ var('plr_structural_fail_share') }}
                then 'fail'
            {% for column, severities in plr_severities().items() -%}
                {% for name, severity in severities.items() -%}
                    {% if severity.startswith('plr_') -%}
                        when {{ column }} = '{{ name }}' and share > {{ var(severity) }} then 'warn'
                    {% else -%}
                        when {{ column }} = '{{ name }}' then '{{ severity }}'
                    {% endif -%}
                {% endfor -%}
            {% endfor -%}
            else 'info'
        end as severity,
        what_to_do,
        detail
    from counts
)

select * from final
