-- nothing is dropped: rows of your relation = rows in = valid rows + quarantined rows, by code too
with

counted as (
    select
        relation,
        code,
        rows_in,
        valid_rows,
        {{ adapter.quote('rows') }} as n_rows
    from {{ ref('plr_data_quality') }}
),

-- product events are not counted once more: the models that read them carry their balance
delivered as (
    {% for relation, var_name in plr_small_relations().items() if var(var_name) -%}
        select
            '{{ relation }}' as relation,
            {% for name in plr_names_in(var(var_name)) -%}
                {{ '+ ' if not loop.first }}(select count(*) from {{ plr_resolve(name, var_name) }})
            {% endfor -%}
                as n_rows
        union all
    {% endfor -%}
    select
        relation,
        rows_in as n_rows
    from counted
    where relation = 'product_events' and code = 'valid'
),

quarantined_codes as (
    select
        relation,
        code,
        sum({{ adapter.quote('rows') }}) as n_rows
    from {{ ref('plr_quarantine') }}
    group by 1, 2
),

quarantined as (
    select
        relation,
        sum(n_rows) as n_rows
    from quarantined_codes
    group by 1
),

unbalanced as (
    select
        counted.relation,
        'all' as code,
        'rows_in is not valid_rows and plr_quarantine together' as problem
    from counted
    left join quarantined
        on counted.relation = quarantined.relation
    where
        counted.code = 'valid'
        and counted.rows_in <> counted.valid_rows + coalesce(quarantined.n_rows, 0)
),

miscounted as (
    select
        quarantined_codes.relation,
        quarantined_codes.code,
        'plr_quarantine and plr_data_quality count differently' as problem
    from quarantined_codes
    left join counted
        on
            quarantined_codes.relation = counted.relation
            and quarantined_codes.code = counted.code
    where quarantined_codes.n_rows <> coalesce(counted.n_rows, 0)
),

lost as (
    select
        delivered.relation,
        'all' as code,
        'rows_in is not the number of rows delivered' as problem
    from delivered
    left join counted
        on
            delivered.relation = counted.relation
            and counted.code = 'valid'
    where delivered.n_rows <> coalesce(counted.rows_in, -1)
)

select * from unbalanced
union all
select * from miscounted
union all
select * from lost
