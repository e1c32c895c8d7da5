with

words as (
    {% for relation, columns in plr_word_columns().items() -%}
        {% set is_last_relation = loop.last -%}
        {% for column in columns %}
            select
                '{{ relation }}' as relation,
                '{{ column }}' as column_name,
                {{ column }} as word,
                {{ plr_is_known_word(plr_words_of(relation, column), column) }} as is_known,
                {{ plr_read_word(plr_words_of(relation, column), column) | indent(16) }}
                    as read_as,
                count(*) as n_rows
            from {{ ref('stg_plr__' ~ relation) }}
            where {{ column }} is not null
            group by 3, 4, 5
            {{ 'union all' if not (loop.last and is_last_relation) }}
        {%- endfor %}
    {%- endfor %}
    union all
    select
        'product_events' as relation,
        'occurred_precision' as column_name,
        word,
        {{ plr_is_known_word('occurred_precision', 'word') }} as is_known,
        {{ plr_read_word('occurred_precision', 'word') | indent(8) }} as read_as,
        sum(n_rows) as n_rows
    from {{ ref('int_plr__event_words') }}
    where word is not null
    group by 3, 4, 5
),

final as (
    select
        relation,
        column_name,
        word,
        cast(n_rows as bigint) as {{ adapter.quote('rows') }},
        is_known,
        read_as
    from words
)

select * from final
