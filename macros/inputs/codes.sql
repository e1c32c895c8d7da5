{#-
    Every relation but product_events, whose rows are counted where they are read, with the var that
    names its feed.
-#}
{% macro plr_small_relations() %}
    {{ return({
        'accounts': 'plr_input_accounts',
        'users': 'plr_input_users',
        'crm_activities': 'plr_input_crm_activities',
        'opportunities': 'plr_input_opportunities',
        'revenue': 'plr_input_revenue',
        'contracts': 'plr_input_contracts',
        'account_costs': 'plr_input_account_costs',
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
        ['unknown_word', 'flag', 'Map them to the words of the contract: see plr_input_words.'],
        ['dropped_value', 'flag', 'Mend the columns named: these values were left out.'],
        ['overlapping_period', 'flag', 'End the earlier period, or set plr_overlap_policy.'],
        ['negative_account_mrr', 'flag', 'Check the credits: the account-month counts as zero.'],
        ['intra_month', 'flag', 'Nothing: what starts and stops inside a month never moved MRR.'],
        ['goodwill_credit', 'flag', 'Check them: what exceeds the service returned is no MRR.'],
        ['backdated_activity', 'flag', 'Log CRM activities sooner; the stated time is used.'],
        ['stale_feed', 'flag', 'Load the feed: its newest row is older than plr_stale_feed_days.'],
        ['tracking_break', 'flag', 'Check event tracking: value events fell away that month.'],
    ]) }}
{% endmacro %}
