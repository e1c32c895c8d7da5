{#-
    The checks a row passes or fails by itself: a select over CTE `input` that adds

    record_id     the contract's key as delivered, joined by |
    row_code      the first reject code that fits the row, else null
    row_detail    what is wrong with it
    copy_number   1 for the row kept of its key (only rows without a row_code compete), and for
                  every row where those of one key add up

    `checks` lists [code, condition, [columns to show]] in order. Required columns are checked
    first: keys, then times; then whether times and amounts can be true at all. Of several rows with
    one key the latest by `latest_by` is kept, then the greatest, column by column.
-#}
{% macro plr_check_rows(relation, checks=[], latest_by=none) %}
    {%- set contract = plr_contract(relation) -%}
    {%- set missing_keys = [] -%}
    {%- set missing_times = [] -%}
    {%- for name, type in contract['columns'].items() if type.endswith('!') -%}
        {%- if type in ['timestamp!', 'date!', 'month!'] -%}
            {%- do missing_times.append(['null_time', name ~ ' is null', [name]]) -%}
        {%- else -%}
            {%- do missing_keys.append(['null_key', name ~ ' is null', [name]]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set impossible_times = [] -%}
    {%- set impossible_amounts = [] -%}
    {%- for name, type in contract['columns'].items()
        if not type.startswith('never') and not plr_dropped_when(relation, name, type, name) -%}
        {%- if plr_expected_type(type) in ['timestamp', 'date', 'month'] -%}
            {%- do impossible_times.append(
                ['implausible_time', name ~ ' < ' ~ plr_earliest(type), [name]]
            ) -%}
        {%- elif plr_too_much(type) -%}
            {%- do impossible_amounts.append(
                ['implausible_amount', name ~ ' >= ' ~ plr_too_much(type), [name]]
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set ordered = missing_keys
        + checks | selectattr(0, 'equalto', 'null_key') | list
        + missing_times
        + checks | selectattr(0, 'equalto', 'null_time') | list
        + impossible_times
        + impossible_amounts
        + checks | rejectattr(0, 'in', ['null_key', 'null_time']) | list -%}
    select
        judged.*,
        {% if contract.get('adds_up') -%}
            1 as copy_number
        {%- else -%}
            row_number() over (
                partition by judged.row_code
                {%- for name in contract['key'] %}, judged.{{ name }}{% endfor %}
                order by {{ plr_latest_first(relation, latest_by) }}
            ) as copy_number
        {%- endif %}
    from (
        select
            input.*,
            {{ plr_shown(contract['key'], '|') }} as record_id,
            case
            {%- for code, condition, shown in ordered %}
                when {{ condition }} then '{{ code }}'
            {%- endfor %}
            end as row_code,
            case
            {%- for code, condition, shown in ordered %}
                when {{ condition }} then {{ plr_shown(shown, ', ', true, contract['columns']) }}
            {%- endfor %}
            end as row_detail
        from input
    ) as judged
{%- endmacro %}


{#-
    The order in which rows of one key compete: the latest, then the greatest, column by column; of
    equal ones that from which a value was left out, which is then told.
-#}
{% macro plr_latest_first(relation, latest_by=none) %}
    {%- set columns = plr_contract(relation)['columns'] -%}
    {%- set competing = [latest_by] if latest_by else [] -%}
    {%- for name, type in columns.items() if name != latest_by -%}
        {%- do competing.append(
            plr_in_byte_order(name) if plr_expected_type(type) == 'text' else name
        ) -%}
    {%- endfor -%}
    {%- if plr_drops_values(relation) -%}
        {%- do competing.append('dropped_columns') -%}
    {%- endif -%}
    {{ return(competing | join(' desc nulls last, ') ~ ' desc nulls last') }}
{% endmacro %}


{#- Columns as one text: `a|b`, or with names `x = a, y = b`; `types` are the contract's. -#}
{% macro plr_shown(columns, separator, with_names=false, types={}) %}
    {%- set parts = [] -%}
    {%- for name in columns -%}
        {%- set lead = (separator if not loop.first else '')
            ~ (name ~ ' = ' if with_names else '') -%}
        {%- if lead -%}
            {%- do parts.append("'" ~ lead ~ "'") -%}
        {%- endif -%}
        {%- set text = plr_rate_text(name) if types.get(name, '').startswith('rate')
            else 'cast(' ~ name ~ ' as ' ~ dbt.type_string() ~ ')' -%}
        {%- do parts.append('coalesce(' ~ text ~ ", 'null')") -%}
    {%- endfor -%}
    {{ return(dbt.concat(parts)) }}
{% endmacro %}


{#-
    Columns reject_code and reject_detail of a checked row: its own code, then duplicate_key, then
    the `identity` checks [code, condition, detail] that need other relations.
-#}
{% macro plr_reject_columns(identity=[]) %}
    {%- set ordered = [
        ['duplicate_key', 'checked.copy_number > 1', "'another row with this key was kept'"]
    ] + identity -%}
    case
        when checked.row_code is not null then checked.row_code
        {%- for code, condition, detail in ordered %}
        when {{ condition }} then '{{ code }}'
        {%- endfor %}
    end as reject_code,
    case
        when checked.row_code is not null then checked.row_detail
        {%- for code, condition, detail in ordered %}
        when {{ condition }} then {{ detail }}
        {%- endfor %}
    end as reject_detail
{%- endmacro %}


{#- The identity checks of a row that names its account: `owners` is stg_plr__accounts, joined. -#}
{% macro plr_owner_checks(is_owned='true') %}
    {{ return([
        [
            'unmapped_account',
            is_owned ~ ' and owners.account_id is null',
            dbt.concat(["'account_id = '", 'checked.account_id'])
        ],
        ['internal', 'owners.is_internal', "'the account is internal'"],
    ]) }}
{% endmacro %}
