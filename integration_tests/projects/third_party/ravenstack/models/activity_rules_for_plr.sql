-- one value event suffices, whenever it comes
select
    'value' as rule_group_id,
    'one_value_event' as rule_id,
    'all' as group_operator,
    'role:value' as event_name,
    1 as min_events,
    1 as min_distinct_users,
    1 as min_distinct_days,
    cast(null as int) as within_days,
    'rolling' as anchor,
    true as is_active
