{#- Whether an input is fed by the connector of a tool: its models are there only then. -#}
{% macro plr_uses(tool, var_name) %}
    {{ return('connector:' ~ tool in plr_names_in(var(var_name))) }}
{% endmacro %}


{#- Whether accounts of several tools are linked by their domains, too. -#}
{% macro plr_links_by_domain() %}
    {{ return(plr_uses('domain', 'plr_input_account_links')) }}
{% endmacro %}


{#- The tools that feed accounts and tell domains: CRMs, then products, then billing. -#}
{% macro plr_tools_with_domains() %}
    {%- set used = [] -%}
    {%- for tool in [
        'salesforce', 'hubspot', 'segment', 'posthog', 'stripe', 'chargebee', 'recurly', 'zuora'
    ] if plr_uses(tool, 'plr_input_accounts') -%}
        {%- do used.append(tool) -%}
    {%- endfor -%}
    {%- if not used and execute -%}
        {{ plr_refuse('connector_domain', 'var plr_input_account_links names connector:domain, and'
            ~ ' var plr_input_accounts no tool that tells domains') }}
    {%- endif -%}
    {{ return(used) }}
{% endmacro %}


{#- What else links accounts, by ids that systems share. -#}
{% macro plr_other_account_links() %}
    {%- set relations = [] -%}
    {%- for name in plr_names_in(var('plr_input_account_links')) if name != 'connector:domain' -%}
        {%- do relations.append(plr_resolve(name, 'plr_input_account_links')) -%}
    {%- endfor -%}
    {{ return(relations) }}
{% endmacro %}


{#- Whether any of these inputs is fed by a connector. -#}
{% macro plr_uses_a_connector(var_names) %}
    {%- set named = [] -%}
    {%- for var_name in var_names -%}
        {%- for name in plr_names_in(var(var_name)) if name.startswith('connector:') -%}
            {%- do named.append(name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(named | length > 0) }}
{% endmacro %}


{#-
    A table of a tool, from each of its sources: a select of the columns named, cast to their types.

    `columns` maps our name to a type, or to [type, the tool's name, another it may have]. A type
    ending in `!` is required; another column may lack and is then null, and an `is_optional` table
    that is not there has no rows. An `id` is text that begins with the tool's name, or with the
    source's where the tool has several, so that ids of two tools never meet; a number that is to be
    an id or text has no decimals; a `timestamp` is in UTC. Names are found in any spelling:
    created_date is CreatedDate, too.
-#}
{% macro plr_vendor(tool, table, columns, is_optional=false) %}
    {%- set sources = var('plr_connector_sources').get(tool, ['plr_' ~ tool]) -%}
    {%- for source_name in sources %}
        {%- set vendor_table = source(source_name, table) %}
        {%- set found = plr_vendor_columns(vendor_table) %}
        {%- set is_there = found or not plr_must_be_there(vendor_table) %}
        {%- if not is_there and not is_optional %}
            {{ plr_refuse('connector_table', "connector '" ~ tool ~ "' needs table " ~ table
                ~ ", and there is no " ~ vendor_table) }}
        {%- endif %}
        {%- set prefix = tool if sources | length == 1 else source_name %}
    select
        {%- for name, given in columns.items() %}
            {%- set type = given if given is string else given[0] %}
            {%- set vendor_names = [name] if given is string else given[1:] | select | list %}
            {%- set vendor_name = vendor_names | first %}
            {%- set column = plr_first_of(found, vendor_names) %}
            {%- if found and not column and type.endswith('!')
                and plr_must_be_there(vendor_table) %}
                {{ plr_refuse('connector_table', "connector '" ~ tool ~ "' needs column "
                    ~ vendor_name ~ ", and " ~ vendor_table ~ " has none") }}
            {%- endif %}
            {#- where nothing can be looked up, every column is taken to be there -#}
            {%- set said = adapter.quote(column.name) if column
                else adapter.quote(vendor_name) if vendor_name and is_there and not found %}
        {{ plr_vendor_cast(
            said or none,
            type | replace('!', ''),
            prefix,
            column.data_type | lower if column else ''
        ) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
        {%- if is_there %}
    from {{ vendor_table }}
        {%- else %}
    from (select 1 as nothing) as no_table
    where 1 = 0
        {%- endif %}
        {%- if not loop.last %}
    union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}


{#- A column of a tool's table as one of the types of plr_vendor. -#}
{% macro plr_vendor_cast(column, type, prefix, found_type) -%}
    {%- set is_fraction = modules.re.match('float|double|real|num|dec|bignum', found_type) -%}
    {%- set is_nested = found_type.startswith(('json', 'super', 'array', 'struct', 'record')) -%}
    {%- set whole = 'cast(' ~ column ~ ' as bigint)' if is_fraction else column -%}
    {#- what holds more than one value is JSON, which some warehouses make text of by a function -#}
    {%- set to_json = {
        'bigquery': 'to_json_string', 'redshift': 'json_serialize', 'spark': 'to_json',
        'databricks': 'to_json', 'duckdb': 'to_json'
    }.get(target.type) if is_nested -%}
    {%- set told = to_json ~ '(' ~ column ~ ')' if to_json else whole -%}
    {%- set text = 'cast(' ~ told ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set data_type = {
        'id': dbt.type_string(), 'text': dbt.type_string(), 'timestamp': dbt.type_timestamp(),
        'date': 'date', 'number': dbt.type_numeric(), 'boolean': 'boolean'
    }[type] -%}
    {%- if column is none -%}
        cast(null as {{ data_type }})
    {%- elif type == 'id' -%}
        {{ dbt.concat(["'" ~ prefix ~ ":'", "nullif(trim(" ~ text ~ "), '')"]) }}
    {%- elif type == 'text' -%}
        {{ text }}
    {%- elif type == 'timestamp' and plr_is_zoned(found_type) -%}
        {{ plr_utc(column) }}
    {%- else -%}
        cast({{ column }} as {{ data_type }})
    {%- endif -%}
{%- endmacro %}


{#- A table's columns by their spelling; none where they can't be looked up, or it is not there. -#}
{% macro plr_vendor_columns(relation) %}
    {%- set found = {} -%}
    {%- if plr_can_ask(relation) and load_relation(relation) is not none -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do found.update({plr_spelling(column.name): column}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}


{#- The column that is there of those it may be, or none. -#}
{% macro plr_first_of(found, names) %}
    {%- for name in names if plr_spelling(name) in found -%}
        {{ return(found[plr_spelling(name)]) }}
    {%- endfor -%}
    {{ return(none) }}
{% endmacro %}


{#- Whether a run reads the relation now, so that it has to be there. -#}
{% macro plr_must_be_there(relation) %}
    {{ return(plr_can_ask(relation) and flags.WHICH in ['run', 'build']) }}
{% endmacro %}


{#- What holds an account's own id in a tool; stops a run that needs it and is not told. -#}
{% macro plr_account_field(tool) %}
    {%- set field = plr_var('plr_connector_account_fields').get(tool) -%}
    {%- if field is none and execute and flags.WHICH in ['run', 'build'] -%}
        {{ plr_refuse('connector_field', "connector '" ~ tool ~ "' feeds account_links, and var"
            ~ " plr_connector_account_fields does not say what holds an account's own id there") }}
    {%- endif -%}
    {{ return(field or 'account_id') }}
{% endmacro %}


{#- A name as compared: `CreatedDate`, `created_date` and `createddate` are one. -#}
{% macro plr_spelling(name) %}
    {{ return(name | lower | replace('_', '')) }}
{% endmacro %}
