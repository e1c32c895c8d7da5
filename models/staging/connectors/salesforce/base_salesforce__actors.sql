-- the team of each user of Salesforce, by today's role, else title, else department
{{ config(
    enabled=plr_uses('salesforce', 'plr_input_crm_activities')
    or plr_uses('salesforce', 'plr_input_opportunities')
) }}

with

actor_teams as (
    select * from {{ ref('stg_plr__actor_teams') }}
    where tool in ('salesforce', 'any')
),

roles as (
    {{ plr_vendor('salesforce', 'user_role', {
        'role_id': ['id!', 'id'],
        'role_name': ['text', 'name'],
    }, is_optional=true) }}
),

users as (
    {{ plr_vendor('salesforce', 'user', {
        'user_id': ['id!', 'id'],
        'role_id': ['id', 'user_role_id'],
        'title': 'text',
        'department': 'text',
        'user_type': 'text',
    }) }}
),

described as (
    select
        users.user_id,
        1 as field_number,
        'role' as field,
        roles.role_name as said
    from users
    inner join roles
        on users.role_id = roles.role_id
    union all
    select
        user_id,
        2 as field_number,
        'title' as field,
        title as said
    from users
    union all
    select
        user_id,
        3 as field_number,
        'department' as field,
        department as said
    from users
),

told as (
    {{ plr_told_teams(['user_id']) | indent(4) }}
),

final as (
    select
        users.user_id,
        case
            when lower(users.user_type) in ('automatedprocess', 'cloudintegrationuser', 'guest')
                then 'system'
            else coalesce(told.known_team, told.said)
        end as actor_team
    from users
    left join told
        on users.user_id = told.user_id
)

select * from final
