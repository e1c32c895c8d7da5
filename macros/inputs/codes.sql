{#-
    Every relation but product_events, whose rows are counted where they are read, with the var that
    names its feed.
-#}
{% macro plr_small_relations() %}
    {{ return({
        'accounts': 'plr_input_accounts',
        'account_links': 'plr_input_account_links',
        'users': 'plr_input_users',
        'crm_activities': 'plr_input_crm_activities',
        'opportunities': 'plr_input_opportunities',
        'revenue': 'plr_input_revenue',
        'contracts': 'plr_input_contracts',
        'account_costs': 'plr_input_account_costs',
        'acquisition_costs': 'plr_input_acquisition_costs',
        'company_months': 'plr_input_company_months',
        'fx_rates': 'plr_input_fx_rates',
        'entitlements': 'plr_input_entitlements',
    }) }}
{% endmacro %}


{#-
    Every code of plr_quarantine and plr_data_quality: [code, kind, what to do]. Structural,
    duplicate, identity and info codes reject the row; flags keep it.
-#}
{% macro plr_quality_codes() %}
    {{ return([
        ['valid', 'valid', 'Nothing.'],
        ['null_key', 'structural', 'Fill the key and every required value in the mapping model.'],
        ['null_time', 'structural', 'Fill the required time in the mapping model.'],
        ['implausible_time', 'structural', 'Mend times before 1990; null means unknown.'],
        ['implausible_amount', 'structural', 'Mend numbers not finite, or past all money.'],
        ['negative_mrr_row', 'structural', 'Send amounts of zero or more; a discount lowers mrr.'],
        ['bad_interval', 'structural', 'Send an end after the start; ends are exclusive.'],
        ['empty_interval', 'info', 'Nothing: what ends as it begins is no service.'],
        ['bad_share', 'structural', 'Send shares as fractions between 0 and 1.'],
        ['nonpositive_rate', 'structural', 'Send rates, headcounts and limits above zero.'],
        ['merge_cycle', 'structural', 'Mend merged_into_account_id: it must end at one survivor.'],
        ['missing_fx', 'structural', 'Add the rates of these currencies and months to fx_rates.'],
        ['missing_snapshot_month', 'structural', 'Load the missing months of the snapshots.'],
        ['future_dated', 'info', 'Nothing: counted once plr_as_of_date reaches it.'],
        ['duplicate_key', 'duplicate', 'Deduplicate the feed; the latest row was kept.'],
        ['unmapped_account', 'identity', 'Add the account to accounts, or mend the id.'],
        ['unmapped_user', 'identity', 'Add the user and its account to users.'],
        ['ambiguous_user', 'identity', 'End one of the memberships valid at the same time.'],
        ['unmapped_activity', 'identity', 'Link them: unlinked activities flatter the product.'],
        ['anonymous_event', 'identity', 'Nothing: traffic of nobody in particular is left out.'],
        ['internal', 'info', 'Nothing: internal accounts and users are left out.'],
        ['contact_unmatched', 'identity', 'Add a contact rule; until then it counts as sales.'],
        ['link_cycle', 'flag', 'Mend these links: they lead in a circle, and were left out.'],
        ['unknown_word', 'flag', 'Map them to the words of the contract: see plr_input_words.'],
        ['dropped_value', 'flag', 'Mend the columns named: these values were left out.'],
        ['overlapping_period', 'flag', 'End the earlier period, or set plr_overlap_policy.'],
        ['negative_account_mrr', 'flag', 'Check the credits: the account-month counts as zero.'],
        ['intra_month', 'flag', 'Nothing: what starts and stops inside a month never moved MRR.'],
        ['goodwill_credit', 'flag', 'Check them: what exceeds the service returned is no MRR.'],
        ['backdated_activity', 'flag', 'Log CRM activities sooner; the stated time is used.'],
        ['stale_feed', 'flag', 'Load the feed: its newest row is older than plr_stale_feed_days.'],
        ['tracking_break', 'flag', 'Check event tracking: value events fell away that month.'],
        ['rejected_money', 'flag', 'Mend the rejected rows that carry most, in plr_quarantine.'],
        [
            'revenue_break', 'flag',
            'Billed in arrears, or loaded late? Set plr_revenue_complete_through.'
        ],
        [
            'mrr_without_product_rows', 'flag',
            'Are ids of billing and product one? If not, say in account_links which are.'
        ],
        [
            'mrr_without_crm_rows', 'flag',
            'Are ids of billing and CRM one? If not, sales contacts of these are missed.'
        ],
        ['no_mrr', 'flag', 'Only trials, one-time or zero? Check is_trial, line_type, mrr.'],
        ['rows_look_doubled', 'flag', 'Is a row there under several subscriptions? Send it once.'],
        ['times_look_daily', 'flag', 'Days, not times? Say so: occurred_precision is date.'],
        ['ends_look_inclusive', 'flag', 'Send as end the day after the last; ends are exclusive.'],
        ['empty_feed', 'flag', 'No row is left: load it, or check as-of, is_internal, mapping.'],
    ]) }}
{% endmacro %}


{#-
    How severe a code is, by its name, then by its kind: `fail`, `warn`, `info`, or the var of the
    share above which it warns. Structural codes of required inputs fail above
    plr_structural_fail_share.
-#}
{% macro plr_severities() %}
    {{ return({
        'code': {
            'merge_cycle': 'fail',
            'missing_fx': 'fail',
            'missing_snapshot_month': 'fail',
            'stale_feed': 'warn',
            'tracking_break': 'warn',
            'empty_feed': 'warn',
            'revenue_break': 'warn',
            'ends_look_inclusive': 'warn',
            'no_mrr': 'warn',
            'rows_look_doubled': 'warn',
            'times_look_daily': 'warn',
            'rejected_money': 'plr_rejected_money_warn_share',
            'mrr_without_product_rows': 'plr_unlinked_mrr_share',
            'mrr_without_crm_rows': 'plr_unlinked_mrr_share',
            'overlapping_period': 'plr_overlap_low_share',
            'unknown_word': 'plr_unknown_word_share',
            'anonymous_event': 'info',
        },
        'kind': {
            'structural': 'plr_structural_warn_share',
            'identity': 'plr_identity_low_share',
            'duplicate': 'plr_identity_low_share',
        },
    }) }}
{% endmacro %}


{#-
    What lowers the confidence in a run, the worst first: [level, condition on a row of
    int_plr__quality_counts, reason]. The first that holds for any relation decides; the reason is
    read after the relation's name.
-#}
{% macro plr_confidence_triggers() %}
    {%- set is_all = "code = 'valid' and " -%}
    {%- set is_crm = "relation in ('crm_activities', 'opportunities')" -%}
    {%- set broken = 'of its rows are structurally broken' -%}
    {%- set crm_is = 'off' if var('plr_input_crm_activities') is none else 'empty' -%}
    {{ return([
        [
            'low',
            "relation in ('product_events', 'revenue') and code = 'future_dated'"
            ~ " and valid_rows = 0",
            'every valid row is dated after the as-of day',
        ],
        ['low', "code = 'empty_feed'", 'it is required and has no valid row'],
        [
            'low',
            is_all ~ "relation = 'crm_activities' and valid_rows = 0",
            'the feed is ' ~ crm_is ~ ', so nothing can be called product-driven',
        ],
        [
            'low',
            "code = 'stale_feed'",
            'its newest row is more than ' ~ var('plr_stale_feed_days')
            ~ ' days behind the as-of day',
        ],
        [
            'low',
            "code = 'revenue_break'",
            'closing MRR of the last month is under ' ~ plr_percent_of('plr_revenue_break_share')
            ~ ' of the month before',
        ],
        [
            'low',
            "code = 'rejected_money' and share > " ~ var('plr_rejected_money_low_share'),
            plr_more_than('plr_rejected_money_low_share') ~ ' of its money is in rejected rows',
        ],
        [
            'low',
            "code = 'overlapping_period' and share > " ~ var('plr_overlap_low_share'),
            plr_more_than('plr_overlap_low_share')
            ~ ' of its rows overlap another of their subscription',
        ],
        [
            'low',
            "code = 'ends_look_inclusive'",
            'its periods seem to end on their last day, where ends are exclusive',
        ],
        ['low', "code = 'no_mrr'", 'none of its rows carries MRR'],
        [
            'low',
            "code = 'rows_look_doubled'",
            'most of its rows are there under several subscriptions',
        ],
        [
            'low',
            is_all ~ is_crm ~ ' and structural_share > ' ~ var('plr_structural_fail_share'),
            plr_more_than('plr_structural_fail_share') ~ ' ' ~ broken,
        ],
        [
            'low',
            "code = 'unmapped_activity' and share > " ~ var('plr_identity_low_share'),
            plr_more_than('plr_identity_low_share') ~ ' of its rows lead to no account',
        ],
        [
            'low',
            "code = 'contact_unmatched' and share > " ~ var('plr_identity_low_share'),
            plr_more_than('plr_identity_low_share') ~ ' of its rows fit no contact rule',
        ],
        ['low', "code = 'times_look_daily'", 'its value comes at midnight: days called instants'],
        [
            'medium',
            is_all ~ 'structural_share > ' ~ var('plr_structural_warn_share'),
            plr_more_than('plr_structural_warn_share') ~ ' ' ~ broken,
        ],
        [
            'medium',
            "code = 'unknown_word' and " ~ is_crm ~ ' and share > '
            ~ var('plr_unknown_word_share'),
            plr_more_than('plr_unknown_word_share') ~ ' of its rows have a word nobody knows',
        ],
        [
            'medium',
            is_all ~ "relation = 'revenue' and '" ~ plr_var('plr_revenue_shape')
            ~ "' = 'snapshots'",
            'it comes in snapshots',
        ],
    ]) }}
{% endmacro %}


{#- A var that is a share, in words: `5 %`, `more than 5 %`. -#}
{% macro plr_percent_of(share_var) %}
    {%- set percent = (100 * var(share_var)) | round(2) -%}
    {{ return((percent | int if percent == percent | int else percent) ~ ' %') }}
{% endmacro %}

{% macro plr_more_than(share_var) %}
    {{ return('more than ' ~ plr_percent_of(share_var)) }}
{% endmacro %}


{#- A month's confidence: the worse of the run's and of what its untracked share leaves. -#}
{% macro plr_month_confidence_of(data_confidence, untracked_share) -%}
case
    when
        {{ data_confidence }} = 'low'
        or {{ untracked_share }} > {{ var('plr_untracked_low_share') }}
        then 'low'
    when
        {{ data_confidence }} = 'medium'
        or {{ untracked_share }} > {{ var('plr_untracked_medium_share') }}
        then 'medium'
    else 'high'
end
{%- endmacro %}

{% macro plr_month_confidence_reason_of(data_confidence, confidence_reason, untracked_share) -%}
case
    when
        {{ data_confidence }} <> 'low'
        and {{ untracked_share }} > {{ var('plr_untracked_low_share') }}
        then 'the month: {{ plr_more_than("plr_untracked_low_share") }} of its MRR is untracked'
    when
        {{ data_confidence }} = 'high'
        and {{ untracked_share }} > {{ var('plr_untracked_medium_share') }}
        then 'the month: {{ plr_more_than("plr_untracked_medium_share") }} of its MRR is untracked'
    else {{ confidence_reason }}
end
{%- endmacro %}
