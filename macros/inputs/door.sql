{#-
    The door: the only place where a row of the user's enters the package.

    Returns a select of the relation's contract columns, in contract order and cast to contract
    types, from the relations that the var names; a rule table's var is named like the table. An
    input left out is a typed empty relation, a missing optional column is null. Text is brought
    into form. Values that cannot be true are left out, where the row can stand without them, and
    named in a further column dropped_columns. Stops, naming var, column, expected and found, when
    a required input or column is missing or a type does not fit. No input is read before the rule
    tables have been checked.
-#}
{% macro plr_input(relation, named_by=none) %}
    {%- set var_name = named_by or relation -%}
    {%- if named_by and not execute -%}
        {%- do ref('product_led_revenue', 'stg_plr__rule_problems') -%}
    {%- endif -%}
    {%- set names = plr_names_in(plr_var(var_name)) -%}
    {%- if not names and execute and relation in ['accounts', 'product_events', 'revenue'] -%}
        {{ plr_refuse('input_missing', "the required input '" ~ relation ~ "' (var " ~ var_name
            ~ ") is not set") }}
    {%- endif -%}
    {%- for name in names or [none] %}
        {{- plr_input_rows(relation, name, var_name) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{#- The rows of one of the relations that the var of an input names, or none for no rows. -#}
{% macro plr_input_rows(relation, named, var_name) %}
    {%- set columns = plr_contract(relation)['columns'] -%}
    {%- set source_relation = plr_resolve(named, var_name) -%}
    {%- if target.type == 'snowflake' -%}
        {#- else it stops by itself where there is no table to describe, and names no var -#}
        {{ plr_check_table(source_relation, named, var_name) }}
    {%- endif -%}
    {%- set found = plr_found_columns(source_relation) -%}
    {%- if not found -%}
        {{ plr_check_table(source_relation, named, var_name) }}
    {%- endif -%}
    {%- if found -%}
        {{ plr_check_columns(relation, named, var_name, columns, found) }}
        {%- do plr_say_columns(relation, var_name, columns, found) -%}
    {%- endif -%}
    {%- set drops = [] %}
    select
    {%- for name, type in columns.items() %}
        {%- set is_there = source_relation is not none and not type.startswith('never')
            and (name in found or not found) %}
        {%- set value = plr_cast(
            name if is_there else none, type, source_relation is not none, found.get(name, '')
        ) | trim %}
        {%- set dropped_when = plr_dropped_when(relation, name, type, value) if is_there %}
        {%- if dropped_when %}
            {%- do drops.append(
                "case when " ~ dropped_when ~ " then '" ~ name ~ " ' else '' end"
            ) %}
            {%- set value = 'case when not ' ~ dropped_when ~ ' then ' ~ value ~ ' end' %}
        {%- endif %}
        {{ value }} as {{ name }}
        {{- ',' if not loop.last or plr_drops_values(relation) }}
    {%- endfor %}
    {%- if plr_drops_values(relation) %}
        {{ 'nullif(trim(' ~ dbt.concat(drops + ["''"]) ~ "), '')" if drops
            else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as dropped_columns
    {%- endif %}
    {% if source_relation is none -%}
    from (select 1 as nothing) as no_feed
    where 1 = 0
    {%- else -%}
    from {{ source_relation }}
    {%- endif %}
{%- endmacro %}


{#- Whether values of the relation can be left out, its rows being kept. -#}
{% macro plr_drops_values(relation) %}
    {%- set columns = [] -%}
    {%- for name, type in plr_contract(relation)['columns'].items()
        if plr_dropped_when(relation, name, type, name) -%}
        {%- do columns.append(name) -%}
    {%- endfor -%}
    {{ return(columns | length > 0) }}
{% endmacro %}


{#-
    A column of the feed, or null where it lacks one, as its contract type and in form. A number
    that its type cannot hold, NaN too, becomes the first that no amount reaches.
-#}
{% macro plr_cast(name, type, has_feed, found_type='') -%}
    {%- set data_type = plr_data_type(type) -%}
    {%- set value = 'cast(' ~ (name or 'null') ~ ' as ' ~ data_type ~ ')' -%}
    {%- set kind = plr_contract_kind(type) -%}
    {%- set limit = plr_too_much(type) -%}
    {%- if kind == 'words or boolean' and name -%}
        {%- set value = name -%}
    {%- endif -%}
    {%- if kind == 'words or boolean' and found_type.startswith('bool') -%}
        cast(
            case when {{ name }} then 'true' when not {{ name }} then 'false' end as {{ data_type }}
        )
    {%- elif type.startswith('month') and name -%}
        {{ plr_month_of(name) }}
    {%- elif ' default ' in type and has_feed -%}
        {%- set other = 'cast(' ~ type.split(' default ')[1] ~ ' as ' ~ data_type ~ ')' -%}
        coalesce({{ plr_in_form(kind, value) }}, {{ plr_in_form(kind, other) }})
    {%- elif name and limit -%}
        {%- set number = 'cast(' ~ name ~ ' as ' ~ plr_double() ~ ')' -%}
        case
            when {{ number }} > -{{ limit }} and {{ number }} < {{ limit }} then {{ value }}
            when {{ name }} is not null then cast({{ limit }} as {{ data_type }})
        end
    {%- elif name and plr_expected_type(type).startswith('text') -%}
        {{ plr_in_form(kind | replace(' or boolean', ''), value) }}
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}


{#- The names in an input's var: none, one, or a list of them. -#}
{% macro plr_names_in(value) %}
    {{ return([] if value is none else [value] if value is string else value) }}
{% endmacro %}


{#- The relation of a name: model, project.model, source:name.table, connector:tool; or none. -#}
{% macro plr_resolve(name, var_name) %}
    {%- if name is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set parts = name.split(':')[-1].split('.') -%}
    {%- if name.startswith('source:') -%}
        {{ return(source(parts[0], parts[1])) }}
    {%- elif name.startswith('connector:') -%}
        {{ return(ref('product_led_revenue', plr_connector_model(parts[0], var_name))) }}
    {%- elif parts | length == 2 -%}
        {{ return(ref(parts[0], parts[1])) }}
    {%- endif -%}
    {{ return(ref(project_name, name)) }}
{% endmacro %}


{#- The model in which a connector delivers the input that the var names. -#}
{% macro plr_connector_model(tool, var_name) %}
    {%- set relation = var_name | replace('plr_input_', '') -%}
    {%- set feeds = plr_connectors().get(tool) -%}
    {%- set shape = plr_var('plr_revenue_shape') -%}
    {%- set needed = 'revenue_' ~ shape if relation == 'revenue' else relation -%}
    {%- for fed in feeds or [] if relation == 'revenue' and fed.startswith('revenue_')
        and fed != needed -%}
        {{ plr_refuse('connector', "var " ~ var_name ~ " names 'connector:" ~ tool ~ "', which"
            ~ " delivers revenue as " ~ fed[8:] ~ ", and var plr_revenue_shape is " ~ shape) }}
    {%- endfor -%}
    {%- if needed not in (feeds or []) -%}
        {{ plr_refuse('connector', "var " ~ var_name ~ " names 'connector:" ~ tool ~ "', and "
            ~ ("that tool feeds " ~ feeds | join(', ') if feeds
            else "there are connectors for " ~ plr_connectors() | join(', '))) }}
    {%- endif -%}
    {{ return('base_' ~ tool ~ '__' ~ relation) }}
{% endmacro %}


{#- Which columns of its contract an input has, in any of its relations; none where not known. -#}
{% macro plr_input_columns(relation, var_name) %}
    {%- set columns = [] -%}
    {%- for name in plr_names_in(plr_var(var_name)) -%}
        {%- do columns.extend(plr_found_columns(plr_resolve(name, var_name))) -%}
    {%- endfor -%}
    {{ return(columns | unique | select('in', plr_contract(relation)['columns']) | sort) }}
{% endmacro %}


{#- Whether the warehouse can be asked about a relation: not offline, nor in a unit test. -#}
{% macro plr_can_ask(relation) %}
    {{ return(execute and relation is not none and relation.type != 'cte'
        and flags.INTROSPECT is not false) }}
{% endmacro %}


{#- Columns of a relation as {name: type}; empty when they can't be looked up (offline compile). -#}
{% macro plr_found_columns(relation) %}
    {%- set found = {} -%}
    {%- if plr_can_ask(relation) -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do found.update({column.name | lower: column.data_type | lower}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}


{#-
    Stops when a source has no table, and a run when a model or seed has none yet. Not asked where a
    listing of tables need not show it: a file that is read in place, a name with a wildcard,
    another database of Redshift.
-#}
{% macro plr_check_table(relation, named, var_name) %}
    {%- if plr_can_ask(relation) and not relation.external
        and '*' not in (relation.identifier | string)
        and not (target.type == 'redshift' and relation.database != target.dbname) -%}
        {%- set is_source = named.startswith('source:') -%}
        {%- if (is_source or flags.WHICH in ['run', 'build'])
            and load_relation(relation) is none -%}
            {{ plr_refuse('table_missing' if is_source else 'not_built', "var " ~ var_name
                ~ " names '" ~ named ~ "', " ~ ('a source declared without its table' if is_source
                    else 'a model or seed that is not built') ~ ": there is no " ~ relation) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{#- Stops when a required column is missing or a found type can't be read as the expected one. -#}
{% macro plr_check_columns(relation, named, var_name, columns, found) %}
    {%- set problems = [] -%}
    {%- for name, type in columns.items() -%}
        {%- set expected = {'month': 'date', 'rate': 'numeric'}.get(
            plr_expected_type(type), plr_expected_type(type)
        ) -%}
        {%- if name not in found -%}
            {%- if type.endswith(('!', '?')) -%}
                {%- do problems.append(
                    name ~ ': expected ' ~ expected ~ ', found no such column'
                ) -%}
            {%- endif -%}
        {%- elif not type.startswith('never') and not plr_type_fits(expected, found[name]) -%}
            {%- do problems.append(name ~ ': expected ' ~ expected ~ ', found ' ~ found[name]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if relation == 'product_events' and found.get('occurred_at') == 'date'
        and 'occurred_precision' not in found -%}
        {%- do problems.append(
            "occurred_at: expected timestamp, found date without an occurred_precision column"
            ~ " (deliver 'date' as occurred_precision for daily rollups)"
        ) -%}
    {%- endif -%}
    {%- if problems -%}
        {{ plr_refuse('columns', "input '" ~ relation ~ "' (var " ~ var_name ~ ": '"
            ~ named ~ "') does not fit its contract.\n  column "
            ~ problems | join('\n  column ')) }}
    {%- endif -%}
{% endmacro %}


{#-
    A line in the log of a run where columns are left unread while the contract's are missing: one
    of them may be misspelt, and what is missing is null (an end of service that never comes).
-#}
{% macro plr_say_columns(relation, var_name, columns, found) %}
    {%- set unread = found | reject('in', columns) | list -%}
    {%- set missing = [] -%}
    {%- for name, type in columns.items() if name not in found and not type.startswith('never') -%}
        {%- do missing.append(name) -%}
    {%- endfor -%}
    {%- if unread and missing and flags.WHICH in ['run', 'build'] -%}
        {%- do log('product_led_revenue: input ' ~ relation ~ ' (var ' ~ var_name
            ~ ') has columns that are not read: ' ~ unread[:9] | join(', ')
            ~ (', ...' if unread | length > 9) ~ '; these are missing, so they count as unknown: '
            ~ missing | join(', '), info=true) -%}
    {%- endif -%}
{% endmacro %}


{#- Whether a column of type `found` can be read as the contract's `expected` type. -#}
{% macro plr_type_fits(expected, found) %}
    {%- if found.strip('"') == 'null' or found.endswith('[]') -%}
        {{ return(not found.endswith('[]')) }}
    {%- endif -%}
    {%- set is_whole = modules.re.match(
        '^(u?(tiny|small|medium|big|huge)?int(eger)?|int[248]|int(16|32|64|128)|byte(int)?'
        '|long|short|(decimal|numeric|number)\\(\\d+, ?0\\))$', found
    ) is not none -%}
    {%- set is_number = is_whole or found.startswith(
        ('decimal', 'numeric', 'number', 'float', 'double', 'real', 'bignumeric')
    ) -%}
    {%- set is_time = found.startswith(('timestamp', 'datetime'))
        and not product_led_revenue.plr_is_zoned(found) -%}
    {%- set is_text = found.startswith(
        ('text', 'string', 'char', 'varchar', 'nvarchar', 'bpchar', 'uuid', 'enum')
    ) -%}
    {{ return(
        (expected == 'text' and (is_text or is_whole))
        or (expected == 'text or boolean' and (is_text or found.startswith('bool')))
        or (expected in ['timestamp', 'date'] and (is_time or found == 'date'))
        or (expected == 'boolean' and found.startswith('bool'))
        or (expected in ['int', 'numeric'] and is_number)
    ) }}
{% endmacro %}


{#- Whether a type of the warehouse is a time with a time zone. -#}
{% macro plr_is_zoned(found) %}
    {%- set bare = modules.re.sub('\\(.*\\)', '', found) -%}
    {{ return('with time zone' in found or (bare.endswith('tz') and not bare.endswith('_ntz'))) }}
{% endmacro %}
