select
    'template' as rule_group_id,
    'value_twice' as rule_id,
    'all' as group_operator,
    'role:value' as event_name,
    2 as min_events,
    1 as min_distinct_users,
    2 as min_distinct_days,
    30 as within_days,
    'rolling' as anchor,
    true as is_active
