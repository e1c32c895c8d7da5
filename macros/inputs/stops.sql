{#-
    What stops a run: [when, what is wrong, remedy]. A message says what is wrong with which var,
    input or rows, then the remedy of its code; docs/messages.md is written from this table.
-#}
{% macro plr_stops() %}
    {{ return({
        'var_name': [
            'before anything',
            'A var that begins with `plr_` is none of the package.',
            'Mend its name. A var of your own goes under the name of your project in vars.'
        ],
        'var_place': [
            'before anything',
            'A var of the package is set under a name of vars that is not the package.',
            'Set it under vars: product_led_revenue of dbt_project.yml.'
        ],
        'var_value': [
            'before anything',
            'A var has a value that it does not take.',
            'Mend it in vars: product_led_revenue of dbt_project.yml, or in --vars.'
        ],
        'input_missing': [
            'when the input is read',
            'A required input is not set.',
            "Set it to a model, project.model or source:name.table whose columns are those of the"
            ~ " model stg_plr__<input> (README, section 'Map your inputs')."
        ],
        'table_missing': [
            'when the input is read',
            'An input is a source that is declared without its table.',
            'Load the table, mend the source or the var, or set an optional input to null.'
        ],
        'not_built': [
            'when the input is read',
            'An input or rule table is a model or seed that is not built.',
            'Run dbt build without a selection, or dbt seed first, or put a + before what you'
            ~ ' select.'
        ],
        'connector': [
            'while dbt reads the project',
            'An input names a connector that there is not, or that does not feed it.',
            'Name one that does, or a model of your own; revenue comes in the shape that'
            ~ ' plr_revenue_shape names (README, Connect a tool).'
        ],
        'connector_table': [
            'when a table of a tool is read',
            'A table or column that a connector needs is not there.',
            'Say in var plr_connector_schemas, plr_connector_databases or plr_connector_sources'
            ~ ' where the tables of the tool are, or map the input by a model of your own.'
        ],
        'connector_field': [
            'when a table of a tool is read',
            'A connector is to link accounts and is not told by what.',
            'Name the field there, such as {stripe: workspace_id}, or take the tool out of'
            ~ ' plr_input_account_links.'
        ],
        'connector_domain': [
            'when dbt compiles',
            'Accounts are to be linked by domain, and no connector that tells one feeds them.',
            'Name such tools in plr_input_accounts, or take connector:domain out of'
            ~ ' plr_input_account_links.'
        ],
        'columns': [
            'when the input is read; rule tables before any input',
            'A column that is required is missing, or a column has another type.',
            "Rename or cast these columns in the model that the var names; leave an optional column"
            ~ " out when you don't have it (README, section 'Map your inputs')."
        ],
        'rules': [
            'before any input is read',
            'A rule can mean nothing, or two things.',
            'Mend these rows in the relation that the var of this name names'
            ~ ' (README, Tune the rules).'
        ],
        'named_all': [
            'when accounts or acquisition costs are read',
            'A segment or acquisition channel is named `all`.',
            'Rename it in the model that the var names: `all` is the row of all together.'
        ],
        'no_rate_or_month': [
            'when months of revenue are made',
            'A rate is missing for revenue (`missing_fx`), or a month of snapshots.',
            'Add the rates to the relation that var plr_input_fx_rates names, or the months to that'
            ~ ' of plr_input_revenue.'
        ],
        'unknown_reason': [
            'when a pattern is judged',
            'A pattern came to a reason without a status, from a definition of your own.',
            'Add a row to the table of var plr_pattern_reasons: pattern, reason and the status that'
            ~ ' it means (README, Tune the rules).'
        ],
        'inputs_broken': [
            'dbt build and dbt test, once plr_data_quality is there',
            'plr_data_quality has a code of severity `fail`.',
            'Rejected rows are listed in plr_quarantine.'
        ],
    }) }}
{% endmacro %}


{#- What to say of a row whose segment or acquisition channel is named `all`, of account ... -#}
{% macro plr_named_all(column, relation='accounts', of="'account '", id='checked.account_id') %}
    {{ return(plr_stop_message('named_all', [
        "'input " ~ relation ~ " (var plr_input_" ~ relation ~ "): " ~ column ~ " of '", of,
        "coalesce(" ~ id ~ ", 'null')", "' is named '", 'checked.' ~ column
    ])) }}
{% endmacro %}


{#- Stops while dbt reads or compiles: `about` says what is wrong, and of which var or input. -#}
{% macro plr_refuse(code, about) %}
    {{ exceptions.raise_compiler_error(
        'product_led_revenue: ' ~ about ~ '. ' ~ plr_stops()[code][2]
    ) }}
{% endmacro %}


{#- The message of a stop inside the warehouse (plr_stop), its parts texts and columns of SQL. -#}
{% macro plr_stop_message(code, parts) %}
    {{ return(dbt.concat(
        ["'product_led_revenue: '"] + parts + ["'. " ~ plr_stops()[code][2] ~ "'"]
    )) }}
{% endmacro %}


{#-
    Hook of plr_data_quality: a line for each code that warns or fails, so that a run says by itself
    which input it doubts, in how many rows, and what to do. What MRR of no product and of no CRM
    row there is, it always says: how well ids were linked shows there first.
-#}
{% macro plr_say_doubts(data_quality) %}
    {%- if execute -%}
        {%- set n_rows = adapter.quote('rows') -%}
        {%- for row in run_query(
            'select severity, relation, code, ' ~ n_rows ~ ', rows_in, what_to_do, detail from '
            ~ data_quality ~ " where severity in ('warn', 'fail') or code like 'mrr_without_%'"
            ~ ' order by 1, 2, 3'
        ).rows -%}
            {%- set of_all = row[6] ~ ' of MRR' if row[2].startswith('mrr_without_')
                else 'of ' ~ row[4] ~ ' rows delivered' -%}
            {%- do log('product_led_revenue: ' ~ row[0] ~ ': ' ~ row[1] ~ ': ' ~ row[2] ~ ' '
                ~ row[3] ~ ' (' ~ of_all ~ '). ' ~ row[5], info=true) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
