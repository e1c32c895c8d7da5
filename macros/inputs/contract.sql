{#-
    The input contract: key, columns and types of every relation the package reads.

    A type ending in `!` is required and not null, in `?` its column must be there; `default x`
    takes column x where null; `month` is a date, truncated to the first of its month; `never` marks
    a column of another revenue shape, always null.
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
                'occurred_precision': 'text',
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
                'activity_type': 'text!',
                'direction': 'text',
                'occurred_at': 'timestamp!',
                'occurred_precision': 'text',
                'created_at': 'timestamp',
                'actor_team': 'text',
                'purpose': 'text',
                'is_automated': 'boolean',
                'duration_minutes': 'int',
                'status': 'text',
            },
        },
        'opportunities': {
            'key': ['opportunity_id'],
            'columns': {
                'opportunity_id': 'text!',
                'account_id': 'text!',
                'opportunity_type': 'text!',
                'created_at': 'timestamp!',
                'closed_at': 'timestamp',
                'is_closed': 'boolean',
                'is_won': 'boolean',
                'created_by_team': 'text',
                'amount_mrr': 'numeric',
                'currency': 'text',
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
                'currency': 'text!',
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
                'currency': 'text!',
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
                'currency': 'text!',
                'line_type': 'text!',
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
                'currency': 'text!',
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
                'cost_type': 'text!',
                'amount': 'numeric!',
                'currency': 'text!',
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
                'currency': 'text!',
                'rate': 'rate!',
            },
        },
        'entitlements': {
            'key': ['account_id', 'metric', 'valid_from'],
            'columns': {
                'account_id': 'text!',
                'metric': 'text!',
                'limit_quantity': 'numeric!',
                'valid_from': 'date!',
                'valid_to': 'date',
            },
        },
        'plr_event_roles': {
            'columns': {
                'event_name': 'text!',
                'role': 'text!',
            },
        },
        'plr_activity_rules': {
            'columns': {
                'rule_group_id': 'text!',
                'rule_id': 'text!',
                'group_operator': 'text!',
                'event_name': 'text!',
                'min_events': 'int',
                'min_distinct_users': 'int',
                'min_distinct_days': 'int',
                'within_days': 'int',
                'anchor': 'text!',
                'is_active': 'boolean!',
            },
        },
        'plr_contact_rules': {
            'columns': {
                'priority': 'int!',
                'activity_type': 'text',
                'actor_team': 'text',
                'direction': 'text',
                'is_automated': 'text',
                'purpose': 'text',
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
                'pattern': 'text!',
                'reason': 'text!',
                'status': 'text!',
            },
        },
    } -%}
    {%- if relation != 'revenue' -%}
        {{ return(contracts[relation]) }}
    {%- endif -%}
    {#- Revenue is one relation: the columns of its shape, those of the other shapes as null. -#}
    {%- set shape = var('plr_revenue_shape') -%}
    {%- if shape not in ['periods', 'snapshots', 'invoices'] -%}
        {{ exceptions.raise_compiler_error(
            "product_led_revenue: var plr_revenue_shape is '" ~ shape
            ~ "'; set it to periods, snapshots or invoices."
        ) }}
    {%- endif -%}
    {%- set columns = dict(contracts['revenue_' ~ shape]['columns']) -%}
    {%- for other in ['periods', 'snapshots', 'invoices'] -%}
        {%- for name, type in contracts['revenue_' ~ other]['columns'].items() -%}
            {%- if name not in columns -%}
                {%- do columns.update({name: 'never ' ~ plr_expected_type(type)}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return({'key': contracts['revenue_' ~ shape]['key'], 'columns': columns}) }}
{% endmacro %}


{#- A type of the contract without its marks: `text` of `text!`, `never text`, `text default x`. -#}
{% macro plr_expected_type(contract_type) %}
    {{ return(contract_type.split(' default ')[0].rstrip('!?') | replace('never ', '')) }}
{% endmacro %}


{#- The warehouse's type for a type of the contract. -#}
{% macro plr_data_type(contract_type) %}
    {%- set types = {
        'text': dbt.type_string(),
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
