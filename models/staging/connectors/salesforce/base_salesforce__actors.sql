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

-- who may be in two teams is in the one that sells
matched as (
    select
        described.user_id,
        actor_teams.actor_team,
        row_number() over (
            partition by described.user_id
            order by
                described.field_number asc,
                case
                    when actor_teams.actor_team in ('csm', 'support', 'marketing', 'system')
                        then 1
                    else 0
                end asc,
                length(actor_teams.pattern) desc,
                actor_teams.pattern asc
        ) as place
    from described
    inner join actor_teams
        on
            actor_teams.field in (described.field, 'any')
            and lower(described.said) like actor_teams.pattern
),

-- what nobody listed is told as it stands, so that it is seen
unmatched as (
    select
        user_id,
        said,
        row_number() over (partition by user_id order by field_number) as place
    from described
    where said is not null
),

final as (
    select
        users.user_id,
        case
            when lower(users.user_type) in ('automatedprocess', 'cloudintegrationuser', 'guest')
                then 'system'
            else coalesce(matched.actor_team, unmatched.said)
        end as actor_team
    from users
    left join matched
        on users.user_id = matched.user_id and matched.place = 1
    left join unmatched
        on users.user_id = unmatched.user_id and unmatched.place = 1
)

select * from final
