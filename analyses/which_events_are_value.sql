{{ config(enabled=var('plr_find_value_events')) }}

-- Which events are value, by who paid afterwards? Association, not cause: judge what each means.
with

candidates as (
    select * from {{ ref('plr_value_event_candidates') }}
    where candidate_rank <= 20
),

-- ranked by older accounts, told of newer ones; activity_rule is a line for your seed of rules
final as (
    select
        candidate_rank,
        event_name,
        min_events,
        window_days,
        case
            when difference is null then 'too few'
            when difference_ci_low > 0 then 'goes with payment'
            when difference_ci_high < 0 then 'goes without it'
            else 'not told apart'
        end as newer_half,
        difference,
        roles,
        reached,
        reached_conversion_rate,
        rest,
        rest_conversion_rate,
        difference_ci_low,
        difference_ci_high,
        uncontacted_difference,
        uncontacted_difference_ci_low,
        paid_in_window,
        reached_before_contact_share,
        days_of_lead_median,
        {{ dbt.concat([
            "'value,'",
            "event_name",
            "'_'",
            "cast(min_events as " ~ dbt.type_string() ~ ")",
            "',all,'",
            "event_name",
            "','",
            "cast(min_events as " ~ dbt.type_string() ~ ")",
            "',1,1,'",
            "cast(window_days as " ~ dbt.type_string() ~ ")",
            "',rolling,true'",
        ]) }} as activity_rule,
        caution
    from candidates
)

select * from final
order by candidate_rank
