-- stops with what is broken and how to mend it: until then the marts' numbers can't be trusted
{%- set found = dbt.concat([
    'relation', "': '", 'code', "' in '",
    'cast(' ~ adapter.quote('rows') ~ ' as ' ~ dbt.type_string() ~ ')', "' of '",
    'cast(rows_in as ' ~ dbt.type_string() ~ ')', "' rows. '", 'what_to_do',
]) %}

with

failures as (
    select
        count(*) as n_rows,
        {{ plr_listed(found, ['relation', 'code'], ' ') }} as listed
    from {{ ref('plr_data_quality') }}
    where severity = 'fail'
)

select listed
from failures
where
    case
        when n_rows = 0 then false
        else {{ plr_stop(dbt.concat([
            "'product_led_revenue: the inputs are broken. '",
            'listed',
            "' " ~ plr_stops()['inputs_broken'][2] ~ "'",
        ])) }}
    end
