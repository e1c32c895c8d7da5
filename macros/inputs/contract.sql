{#-
    The input contract: key, columns and types of every relation the package reads.

    A type ending in `!` is required and not null, in `?` its column must be there; `default x`
    takes column x where null; `month` is a date, truncated to the first of its month; `word`,
    `words`, `currency` and `event` are text in a form of their own (plr_in_form); `never` marks a
    column of another revenue shape, always null. Rows of one key are duplicates unless it
    `adds_up`.
-#}
{% macro plr_contract(relation) %}
    {%- set contracts = {
        'accounts': {
            'key': ['account_id'],
            'columns': {
                'account_id': 'text!',
                'account_name': 'text',
                'parent_account_id': 'text',
                'merged_into_account_id': 'text',
                'segment': 'text',
                'acquisition_channel': 'text',
                'signed_up_at': 'timestamp',
                'created_at': 'timestamp',
                'is_internal': 'boolean',
            },
        },
        'account_links': {
            'key': ['account_id'],
            'columns': {
                'account_id': 'text!',
                'same_as_account_id': 'text!',
                'matched_by': 'text',
            },
        },
        'users': {
            'key': ['user_id', 'account_id', 'valid_from'],
            'columns': {
                'user_id': 'text!',
                'account_id': 'text!',
                'valid_from': 'timestamp',
                'valid_to': 'timestamp',
                'is_internal': 'boolean',
            },
        },
        'product_events': {
            'key': ['event_id', 'occurred_at'],
            'columns': {
                'event_id': 'text!',
                'occurred_at': 'timestamp!',
                'event_name': 'text!',
                'account_id': 'text',
                'user_id': 'text',
                'event_count': 'int',
                'occurred_precision': 'word',
                'is_automated': 'boolean',
                'loaded_at': 'timestamp',
            },
        },
        'crm_activities': {
            'key': ['activity_id'],
            'columns': {
                'activity_id': 'text!',
                'account_id': 'text',
                'opportunity_id': 'text',
                'activity_type': 'word',
                'direction': 'word',
                'occurred_at': 'timestamp!',
                'occurred_precision': 'word',
                'created_at': 'timestamp',
                'actor_team': 'word',
                'purpose': 'word',
                'is_automated': 'boolean',
                'duration_minutes': 'int',
                'status': 'word',
            },
        },
        'opportunities': {
            'key': ['opportunity_id'],
            'columns': {
                'opportunity_id': 'text!',
                'account_id': 'text!',
                'opportunity_type': 'word',
                'created_at': 'timestamp!',
                'closed_at': 'timestamp',
                'is_closed': 'boolean',
                'is_won': 'boolean',
                'created_by_team': 'word',
                'amount_mrr': 'numeric',
                'currency': 'currency',
            },
        },
        'revenue_periods': {
            'key': ['subscription_period_id'],
            'columns': {
                'subscription_period_id': 'text!',
                'account_id': 'text!',
                'subscription_id': 'text!',
                'valid_from': 'timestamp!',
                'valid_to': 'timestamp',
                'mrr': 'numeric!',
                'currency': 'currency!',
                'seats': 'int',
                'list_mrr': 'numeric',
                'is_trial': 'boolean',
            },
        },
        'revenue_snapshots': {
            'key': ['account_id', 'month', 'currency', 'subscription_id'],
            'columns': {
                'account_id': 'text!',
                'month': 'month!',
                'mrr': 'numeric!',
                'currency': 'currency!',
                'subscription_id': 'text default account_id',
            },
        },
        'revenue_invoices': {
            'key': ['invoice_line_id'],
            'columns': {
                'invoice_line_id': 'text!',
                'account_id': 'text!',
                'subscription_id': 'text?',
                'service_start': 'timestamp?',
                'service_end': 'timestamp?',
                'amount': 'numeric!',
                'currency': 'currency!',
                'line_type': 'word!',
                'service_months': 'numeric',
                'seats': 'int',
            },
        },
        'contracts': {
            'key': ['contract_id'],
            'columns': {
                'contract_id': 'text!',
                'account_id': 'text!',
                'subscription_id': 'text',
                'previous_contract_id': 'text',
                'term_start': 'date!',
                'term_end': 'date!',
                'contract_mrr': 'numeric!',
                'currency': 'currency!',
                'discount_share': 'numeric',
                'signed_at': 'timestamp',
                'auto_renew': 'boolean',
            },
        },
        'account_costs': {
            'key': ['account_id', 'month', 'cost_type'],
            'columns': {
                'account_id': 'text',
                'month': 'month!',
                'cost_type': 'word!',
                'amount': 'numeric!',
                'currency': 'currency!',
            },
        },
        'acquisition_costs': {
            'key': ['month', 'cost_type', 'spent_on', 'acquisition_channel'],
            'adds_up': true,
            'columns': {
                'month': 'month!',
                'cost_type': 'word!',
                'spent_on': 'word',
                'acquisition_channel': 'text',
                'amount': 'numeric!',
                'currency': 'currency!',
            },
        },
        'company_months': {
            'key': ['month'],
            'columns': {
                'month': 'month!',
                'headcount_fte': 'numeric',
                'cogs': 'numeric',
                'recognized_revenue': 'numeric',
            },
        },
        'fx_rates': {
            'key': ['month', 'currency'],
            'columns': {
                'month': 'month!',
                'currency': 'currency!',
                'rate': 'rate!',
            },
        },
        'entitlements': {
            'key': ['account_id', 'metric', 'valid_from'],
            'columns': {
                'account_id': 'text!',
                'metric': 'word!',
                'limit_quantity': 'numeric!',
                'valid_from': 'date!',
                'valid_to': 'date',
            },
        },
        'plr_event_roles': {
            'columns': {
                'event_name': 'text!',
                'role': 'word!',
            },
        },
        'plr_activity_rules': {
            'columns': {
                'rule_group_id': 'text!',
                'rule_id': 'text!',
                'group_operator': 'word!',
                'event_name': 'event!',
                'min_events': 'int',
                'min_distinct_users': 'int',
                'min_distinct_days': 'int',
                'within_days': 'int',
                'anchor': 'word!',
                'is_active': 'boolean!',
            },
        },
        'plr_contact_rules': {
            'columns': {
                'priority': 'int!',
                'activity_type': 'words',
                'actor_team': 'words',
                'direction': 'words',
                'is_automated': 'words or boolean',
                'purpose': 'words',
                'min_duration_minutes': 'int',
                'is_sales_contact': 'boolean!',
                'is_human_touch': 'boolean!',
                'is_commercial': 'boolean!',
            },
        },
        'plr_stage_expectations': {
            'columns': {
                'stage_idx': 'int!',
                'stage': 'text!',
                'arr_from': 'numeric!',
                'max_human_started_share': 'numeric!',
                'min_arr_per_fte': 'numeric!',
            },
        },
        'plr_pattern_reasons': {
            'columns': {
                'pattern': 'word!',
                'reason': 'text!',
                'status': 'word!',
            },
        },
        'plr_actor_teams': {
            'columns': {
                'tool': 'word!',
                'field': 'word!',
                'pattern': 'text!',
                'actor_team': 'word!',
            },
        },
        'plr_activity_types': {
            'columns': {
                'tool': 'word!',
                'type': 'text!',
                'activity_type': 'word!',
                'is_automated': 'boolean',
                'is_delivered': 'boolean!',
            },
        },
        'plr_opportunity_types': {
            'columns': {
                'tool': 'word!',
                'type': 'text!',
                'opportunity_type': 'word!',
            },
        },
        'plr_free_mail_domains': {
            'columns': {
                'domain': 'text!',
            },
        },
    } -%}
    {%- if relation != 'revenue' -%}
        {{ return(contracts[relation]) }}
    {%- endif -%}
    {#- Revenue is one relation: the columns of its shape, those of the other shapes as null. -#}
    {%- set shape = plr_var('plr_revenue_shape') -%}
    {%- set columns = dict(contracts['revenue_' ~ shape]['columns']) -%}
    {%- for other in plr_vars()['one of']['plr_revenue_shape'] -%}
        {%- for name, type in contracts['revenue_' ~ other]['columns'].items() -%}
            {%- if name not in columns -%}
                {%- do columns.update({name: 'never ' ~ plr_expected_type(type)}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return({'key': contracts['revenue_' ~ shape]['key'], 'columns': columns}) }}
{% endmacro %}


{#- A type of the contract without its marks: `word` of `word!`, `never word`, `word default x`. -#}
{% macro plr_contract_kind(contract_type) %}
    {{ return(contract_type.split(' default ')[0].rstrip('!?') | replace('never ', '')) }}
{% endmacro %}


{#- The type of a column, whatever its form. -#}
{% macro plr_expected_type(contract_type) %}
    {%- set kind = plr_contract_kind(contract_type) -%}
    {%- if kind in ['word', 'words', 'currency', 'event'] -%}
        {{ return('text') }}
    {%- endif -%}
    {{ return(kind | replace('words', 'text')) }}
{% endmacro %}


{#- The warehouse's type for a type of the contract. -#}
{% macro plr_data_type(contract_type) %}
    {%- set types = {
        'text': dbt.type_string(),
        'text or boolean': dbt.type_string(),
        'timestamp': dbt.type_timestamp(),
        'date': 'date',
        'month': 'date',
        'int': 'int',
        'numeric': dbt.type_numeric(),
        'rate': plr_share_type(),
        'boolean': 'boolean',
    } -%}
    {{ return(types[plr_expected_type(contract_type)]) }}
{% endmacro %}


{#- The first instant that can be true: earlier ones are many a tool's `always`, or its zero. -#}
{% macro plr_earliest(contract_type) -%}
    cast('1990-01-01' as {{ plr_data_type(contract_type) }})
{%- endmacro %}


{#- The first number that no amount reaches, and no count; null of a type that is no number. -#}
{% macro plr_too_much(contract_type) %}
    {{ return({
        'numeric': 10000000000000, 'rate': 10000000000000, 'int': 2147483647
    }.get(plr_expected_type(contract_type))) }}
{% endmacro %}


{#-
    When the value of a column, in its type, cannot be true and is left out, the row being kept: a
    time that is not required, but no time of revenue, and any number of the CRM's. Else none: then
    such a value rejects its row (plr_check_rows). Of events, loaded_at only tells copies apart.
-#}
{% macro plr_dropped_when(relation, name, type, value) %}
    {%- set is_time = plr_expected_type(type) in ['timestamp', 'date', 'month'] -%}
    {%- if is_time and not type.endswith('!')
        and relation not in ['revenue', 'product_events'] -%}
        {{ return(value ~ ' < ' ~ plr_earliest(type)) }}
    {%- elif relation == 'opportunities' and name == 'amount_mrr' -%}
        {{ return('(' ~ value ~ ' < 0 or ' ~ value ~ ' >= ' ~ plr_too_much(type) ~ ')') }}
    {%- elif relation in plr_crm_relations() and plr_too_much(type) -%}
        {{ return(value ~ ' >= ' ~ plr_too_much(type)) }}
    {%- endif -%}
    {{ return(none) }}
{% endmacro %}
