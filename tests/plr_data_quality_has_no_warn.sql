-- a warning only: these rows of plr_data_quality say what lowers the trust in this run
{{ config(severity='warn') }}

select
    relation,
    code,
    {{ adapter.quote('rows') }} as n_rows,
    rows_in,
    what_to_do,
    detail
from {{ ref('plr_data_quality') }}
where severity = 'warn'
