{#-
    What each var takes: one of its words, compared as plr_word_form writes them, or a kind of
    value. The only place that says so; every var of dbt_project.yml is entered here.
-#}
{% macro plr_vars() %}
    {%- set tools = plr_connectors() | reject('equalto', 'domain') | list -%}
    {{ return({
        'one of': {
            'plr_revenue_shape': ['periods', 'snapshots', 'invoices'],
            'plr_tie_policy': ['sales_first', 'product_first'],
            'plr_contact_scope': ['account', 'family'],
            'plr_activity_scope': ['account', 'family'],
            'plr_overlap_policy': ['sum', 'truncate'],
        },
        'a list of': {
            'plr_cogs_cost_types': [
                'hosting', 'support', 'customer_success', 'third_party', 'payment_processing',
                'services'
            ],
        },
        'a number for each of': {
            'plr_connector_utc_offset_minutes': ['mixpanel'],
            'plr_index_weights': [
                'acquisition', 'conversion', 'expansion', 'retention', 'reactivation'
            ],
        },
        'a list of two numbers for each of': {
            'plr_quick_test_limits': ['1', '2', '3', '4', '6', '7'],
        },
        'true or false': [
            'plr_opportunity_is_contact', 'plr_include_usage_in_mrr', 'plr_events_are_unique',
            'plr_find_value_events'
        ],
        'true, false or null': ['plr_revenue_history_is_complete'],
        'a date as YYYY-MM-DD, or null': [
            'plr_event_tracking_start', 'plr_crm_tracking_start', 'plr_revenue_complete_through'
        ],
        'a date as YYYY-MM-DD, not after today, or null': ['plr_as_of_date'],
        'a currency': ['plr_reporting_currency'],
        'a text or null': ['plr_designed_for_stage'],
        'a list of whole numbers above zero': [
            'plr_funnel_horizons', 'plr_value_event_min_events', 'plr_value_event_windows',
            'plr_backtest_horizons'
        ],
        'whole minutes, or a list of two': ['plr_crm_utc_offset_minutes'],
        'a list of whole days': ['plr_sensitivity_lead_days'],
        'a whole number of zero or more, or null': ['plr_conversion_window_days'],
        'a whole number of zero or more': [
            'plr_purchase_days_before', 'plr_purchase_days_after', 'plr_gap_grace_days',
            'plr_expansion_window_days', 'plr_retention_window_days',
            'plr_reactivation_window_days', 'plr_window_days_after', 'plr_open_opportunity_days',
            'plr_index_min_stage_events', 'plr_index_min_stages', 'plr_high_severity_months',
            'plr_orphan_tenure_months', 'plr_orphan_limit_events', 'plr_orphan_limit_active_days',
            'plr_orphan_limit_days', 'plr_orphan_usage_events', 'plr_orphan_users_more',
            'plr_orphan_breadth_days', 'plr_orphan_breadth_users', 'plr_orphan_signals',
            'plr_orphan_months', 'plr_orphan_quiet_days', 'plr_orphan_rate_movements',
            'plr_black_hole_wait_days', 'plr_black_hole_value_days',
            'plr_black_hole_price_conversions', 'plr_black_hole_segment_conversions',
            'plr_hollow_usage_events', 'plr_hollow_unproven_days', 'plr_hollow_renewal_days',
            'plr_early_renewal_days', 'plr_borrowed_renewals', 'plr_borrowed_history_months',
            'plr_drift_months', 'plr_drift_months_in_stage', 'plr_passive_events',
            'plr_passive_value_days', 'plr_quick_test_answers', 'plr_comparison_accounts',
            'plr_comparison_stratum_accounts', 'plr_max_merge_depth', 'plr_stale_feed_days',
            'plr_backdated_days', 'plr_small_group_very_low', 'plr_small_group_low',
            'plr_late_arrival_days', 'plr_trial_max_days', 'plr_clock_tolerance_hours',
            'plr_orphan_ramp_months', 'plr_quick_test_population', 'plr_inclusive_end_pairs',
            'plr_renewal_horizon_days', 'plr_renewal_notice_days', 'plr_renewal_notice_part',
            'plr_renewal_value_days', 'plr_efficiency_customers',
            'plr_deal_recent_days', 'plr_median_values', 'plr_value_event_horizon_days',
            'plr_value_event_accounts', 'plr_value_event_conversions'
        ],
        'a number from 0 to 1': [
            'plr_assisted_weight', 'plr_index_min_coverage', 'plr_black_hole_segment_share',
            'plr_hollow_contraction_share', 'plr_deeper_discount', 'plr_passive_coverage',
            'plr_passive_human_share', 'plr_passive_value_share', 'plr_comparison_support',
            'plr_structural_warn_share', 'plr_structural_fail_share', 'plr_identity_low_share',
            'plr_tracking_break_share', 'plr_movement_min_share', 'plr_unknown_word_share',
            'plr_rejected_money_warn_share', 'plr_rejected_money_low_share',
            'plr_revenue_break_share', 'plr_inclusive_end_share', 'plr_overlap_low_share',
            'plr_untracked_medium_share', 'plr_untracked_low_share',
            'plr_pipeline_open_share', 'plr_unlinked_mrr_share'
        ],
        'a number of zero or more': [
            'plr_zero_mrr_band', 'plr_orphan_utilisation', 'plr_orphan_usage_ratio',
            'plr_orphan_users_ratio', 'plr_orphan_default_rate', 'plr_hollow_usage_ratio',
            'plr_hollow_value_ratio', 'plr_hollow_lag_ratio', 'plr_borrowed_margin_drop',
            'plr_borrowed_durability_drop', 'plr_borrowed_account_margin_drop',
            'plr_passive_growth', 'plr_passive_headcount_pace', 'plr_nrr_deadband',
            'plr_gross_margin_deadband', 'plr_revenue_per_employee_deadband',
            'plr_quick_test_mixed', 'plr_quick_test_strong', 'plr_credit_tolerance',
            'plr_goodwill_ratio'
        ],
        'a model, project.model, source:name.table, connector:tool, a list of these, or null': [
            'plr_input_accounts', 'plr_input_account_links', 'plr_input_users',
            'plr_input_product_events', 'plr_input_crm_activities', 'plr_input_opportunities',
            'plr_input_revenue', 'plr_input_contracts', 'plr_input_account_costs',
            'plr_input_acquisition_costs', 'plr_input_company_months', 'plr_input_fx_rates',
            'plr_input_entitlements'
        ],
        'a model, project.model, source:name.table or null': [
            'plr_event_roles', 'plr_activity_rules', 'plr_contact_rules', 'plr_pattern_reasons',
            'plr_stage_expectations', 'plr_actor_teams', 'plr_activity_types',
            'plr_opportunity_types', 'plr_free_mail_domains'
        ],
        'a text for each of': {
            'plr_connector_schemas': tools,
            'plr_connector_databases': tools,
            'plr_connector_account_fields': tools,
            'plr_connector_segment_fields': ['salesforce', 'segment', 'hubspot', 'posthog'],
            'plr_connector_mrr_fields': ['salesforce', 'hubspot'],
        },
        'a list of texts': ['plr_stripe_seat_prices'],
        'a list of texts for each of': {
            'plr_connector_sources': tools,
            'plr_connector_ignored_events': [
                'segment', 'posthog', 'amplitude', 'mixpanel', 'snowplow'
            ],
        },
    }) }}
{% endmacro %}


{#- The inputs that each connector feeds; revenue in its shape. -#}
{% macro plr_connectors() %}
    {{ return({
        'stripe': [
            'accounts', 'account_links', 'revenue_invoices', 'contracts', 'account_costs',
            'product_events'
        ],
        'salesforce': [
            'accounts', 'account_links', 'crm_activities', 'opportunities', 'fx_rates'
        ],
        'segment': ['accounts', 'users', 'product_events'],
        'hubspot': ['accounts', 'account_links', 'crm_activities', 'opportunities'],
        'posthog': ['accounts', 'users', 'product_events'],
        'amplitude': ['product_events'],
        'mixpanel': ['product_events'],
        'snowplow': ['product_events'],
        'chargebee': ['accounts', 'account_links', 'revenue_invoices', 'contracts'],
        'zuora': ['accounts', 'account_links', 'revenue_periods', 'contracts'],
        'recurly': ['accounts', 'account_links', 'revenue_invoices', 'contracts'],
        'domain': ['account_links'],
    }) }}
{% endmacro %}


{#- A word in the form in which words are compared: ` No-Show` is `no_show`, cancelled canceled. -#}
{% macro plr_word_form(word) %}
    {%- set form = modules.re.sub('[ -]', '_', word | string | trim | lower) -%}
    {{ return('canceled' if form == 'cancelled' else form) }}
{% endmacro %}


{#- Words, or the keys of a map, in their form. -#}
{% macro plr_word_forms(words) %}
    {%- set forms = [] -%}
    {%- for word in words -%}
        {%- do forms.append(plr_word_form(word)) -%}
    {%- endfor -%}
    {{ return(forms) }}
{% endmacro %}


{#- A var's value, its words and currencies in their form; stops where the var does not take it. -#}
{% macro plr_var(name) %}
    {%- set value = var(name) -%}
    {%- set taken = namespace(kind='', words=[]) -%}
    {%- for kind, names in plr_vars().items() if name in names -%}
        {%- set taken.kind = kind -%}
        {%- set taken.words = names[name] if names is mapping else [] -%}
    {%- endfor -%}
    {%- if not plr_is_taken(value, taken.kind, taken.words) -%}
        {{ plr_refuse('var_value', "var " ~ name ~ " is '" ~ value ~ "'; it takes " ~ taken.kind
            ~ (' ' if taken.words else '') ~ taken.words | join(', ')) }}
    {%- endif -%}
    {%- if value is none -%}
        {{ return(none) }}
    {%- elif taken.kind == 'one of' -%}
        {{ return(plr_word_form(value)) }}
    {%- elif taken.kind == 'a currency' -%}
        {{ return(value | trim | upper) }}
    {%- elif taken.kind.startswith('a date') -%}
        {{ return(value | string) }}
    {%- elif taken.words and 'text' not in taken.kind -%}
        {%- set numbers = {} -%}
        {%- for word, given in (value.items() if value is mapping else []) -%}
            {%- do numbers.update({plr_word_form(word): given}) -%}
        {%- endfor -%}
        {{ return(numbers if value is mapping else plr_word_forms(value)) }}
    {%- endif -%}
    {{ return(value) }}
{% endmacro %}


{#- Whether a value is of a kind of plr_vars, its words among the listed ones. -#}
{% macro plr_is_taken(value, kind, words) %}
    {%- if value is none -%}
        {{ return(kind.endswith('or null')) }}
    {%- elif kind == 'one of' -%}
        {{ return(plr_word_form(value) in words) }}
    {%- elif kind == 'a list of' -%}
        {{ return(value is iterable and value is not string and value is not mapping
            and plr_word_forms(value) | reject('in', words) | list == []) }}
    {%- elif 'texts for' in kind or 'text for' in kind -%}
        {%- set wrong = ['no map'] if value is not mapping else value | reject('in', words) | list
        -%}
        {%- for given in (value.values() if value is mapping else []) -%}
            {%- set texts = given if 'texts' in kind else [given] -%}
            {%- if not texts or texts is not iterable or texts is string
                or texts | reject('string') | list or '' in texts
                or texts | map('string') | unique | list | length < texts | length -%}
                {%- do wrong.append(given) -%}
            {%- endif -%}
        {%- endfor -%}
        {{ return(not wrong) }}
    {%- elif words -%}
        {%- set numbers_each = 2 if kind.startswith('a list') else 1 -%}
        {%- set wrong = ['no map'] if value is not mapping else
            plr_word_forms(value) | reject('in', words) | list -%}
        {%- for given in (value.values() if value is mapping else []) -%}
            {%- set numbers = given if numbers_each == 2 else [given] -%}
            {%- if numbers is not iterable or numbers is string
                or numbers | length != numbers_each
                or numbers | reject('number') | list or numbers | select('boolean') | list -%}
                {%- do wrong.append(given) -%}
            {%- endif -%}
        {%- endfor -%}
        {{ return(not wrong) }}
    {%- elif kind.startswith('a model') -%}
        {%- set names = [value] if value is string or 'a list' not in kind else value -%}
        {%- set wrong = [] if names is iterable and names and names is not mapping
            and names | map('string') | unique | list | length == names | length
            else ['no list'] -%}
        {%- for name in ([] if wrong else names) -%}
            {%- set parts = (name | string).split(':')[-1].split('.') -%}
            {%- set lengths = {'source': [2], 'connector': [1] if 'connector' in kind else []}.get(
                (name | string).rpartition(':')[0], [] if ':' in name | string else [1, 2]
            ) -%}
            {%- if name is not string or '' in parts or parts | length not in lengths -%}
                {%- do wrong.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
        {{ return(not wrong) }}
    {%- elif kind.startswith('true') -%}
        {{ return(value is boolean) }}
    {%- elif kind.startswith('a date') -%}
        {{ return(plr_is_date(value | string)
            and ('not after today' not in kind
                or value | string <= run_started_at.strftime('%Y-%m-%d'))) }}
    {%- elif kind == 'a list of texts' -%}
        {{ return(value is iterable and value is not string and value is not mapping
            and value | reject('string') | list == [] and '' not in value) }}
    {%- elif kind.startswith('a list of whole numbers') -%}
        {{ return(value is iterable and value is not string and value is not mapping
            and value | length > 0 and value | reject('number') | list == []
            and value | select('boolean') | list == [] and value | map('int') | list == value
            and value | unique | list | length == value | length and value | min > 0) }}
    {%- elif 'minutes' in kind -%}
        {%- set minutes = [value, value] if value is number else value -%}
        {{ return(minutes is iterable and minutes is not string and minutes is not mapping
            and minutes | length == 2 and minutes | reject('number') | list == []
            and minutes | select('boolean') | list == [] and minutes | map('int') | list == minutes)
        }}
    {%- elif 'days' in kind -%}
        {{ return(value is iterable and value is not string and value is not mapping
            and value | reject('number') | list == [] and value | select('boolean') | list == []
            and value | map('int') | list == value and value | select('lt', 0) | list == []
            and value | unique | list == value) }}
    {%- elif 'number' in kind -%}
        {{ return(value is number and value is not boolean
            and ('whole' not in kind or value == value | int)
            and ('zero or more' not in kind or value >= 0)
            and ('0 to 1' not in kind or 0 <= value <= 1)) }}
    {%- else -%}
        {{ return(value is string and value | trim != '') }}
    {%- endif -%}
{% endmacro %}


{#- Whether a text is a day of the calendar as YYYY-MM-DD. -#}
{% macro plr_is_date(text) %}
    {%- if not modules.re.match('^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', text)
        or text.startswith('0000') -%}
        {{ return(false) }}
    {%- endif -%}
    {#- the last day of its month: 31 days after its first, back to a first, one day before -#}
    {%- set first = modules.datetime.datetime.strptime(text[:7] ~ '-01', '%Y-%m-%d') -%}
    {%- set later = (first + modules.datetime.timedelta(days=31)).replace(day=1) -%}
    {%- set last = later - modules.datetime.timedelta(days=1) -%}
    {{ return(text[8:] | int <= last.strftime('%d') | int) }}
{% endmacro %}


{#-
    Stops before anything is built where a var has a value that it does not take, or a name that
    begins with plr_ is none of the package's: a misspelt input would be a feed that is off. So
    would one that is set for another project only. The names given can be listed by dbt Core
    alone; its v2 engine shows a macro no list of them.
-#}
{% macro plr_check_vars() %}
    {%- for names in plr_vars().values() -%}
        {%- for name in names -%}
            {%- do plr_var(name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if var.packages_for_node is defined -%}
        {%- set projects = var.packages_for_node() | list -%}
        {%- set known = projects[0].vars.to_dict() -%}
        {%- set root = projects[-1] -%}
        {%- set given = dict(root.vars.to_dict()) -%}
        {%- do given.update(given.get('product_led_revenue') or {}) -%}
        {%- do given.update(root.cli_vars or {}) -%}
        {%- set scopes = root.load_dependencies() | list -%}
        {%- for name in given if name.startswith('plr_') and name not in known
            and name not in scopes -%}
            {{ plr_refuse('var_name', "var " ~ name ~ " is none of the package's; the nearest is "
                ~ plr_nearest(name, known)) }}
        {%- endfor -%}
        {%- for scope in given if given[scope] is mapping and scope not in known -%}
            {%- for name in given[scope] if name in known and name not in given -%}
                {{ plr_refuse('var_place', "var " ~ name ~ " is set under vars: " ~ scope
                    ~ ", where the package cannot see it") }}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#- The name that shares most pairs of neighbouring letters with a misspelt one. -#}
{% macro plr_nearest(name, names) %}
    {%- set best = namespace(name='', share=-1) -%}
    {%- for other in names -%}
        {%- set shared = [] -%}
        {%- for at in range(other | length - 1) if other[at:at + 2] in name -%}
            {%- do shared.append(at) -%}
        {%- endfor -%}
        {%- set share = 2 * shared | length / (other | length + name | length - 2) -%}
        {%- if share > best.share -%}
            {%- set best.name = other -%}
            {%- set best.share = share -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(best.name) }}
{% endmacro %}


{#- At the start of a run: the vars are checked, and one line says what the run reads. -#}
{% macro plr_start_run() %}
    {%- do plr_check_vars() -%}
    {%- if execute and flags.WHICH in ['run', 'build'] -%}
        {%- set on = [] -%}
        {%- set off = [] -%}
        {%- for names in plr_vars().values() -%}
            {%- for name in names if name.startswith('plr_input_') -%}
                {%- do (on if var(name) is not none else off).append(name[10:]) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- do log('product_led_revenue: as of ' ~ plr_as_of_date() ~ ', revenue as '
            ~ plr_var('plr_revenue_shape') ~ '; on: ' ~ (on | join(', ') or 'no input')
            ~ '; off: ' ~ (off | join(', ') or 'none'), info=true) -%}
    {%- endif -%}
{% endmacro %}
