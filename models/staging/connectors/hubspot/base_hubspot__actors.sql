-- a person is of the role's team, else of the primary one
{{ config(
    enabled=plr_uses('hubspot', 'plr_input_crm_activities')
    or plr_uses('hubspot', 'plr_input_opportunities')
) }}

with

actor_teams as (
    select * from {{ ref('stg_plr__actor_teams') }}
    where tool in ('hubspot', 'any')
),

teams as (
    {{ plr_vendor('hubspot', 'team', {
        'team_id': ['id!', 'id'],
        'team_name': ['text', 'name'],
    }, is_optional=true) }}
),

roles as (
    {{ plr_vendor('hubspot', 'role', {
        'role_id': ['id!', 'id'],
        'role_name': ['text', 'name'],
    }, is_optional=true) }}
),

users as (
    {{ plr_vendor('hubspot', 'users', {
        'user_id': ['id!', 'id'],
        'team_id': ['id', 'primary_team_id'],
        'role_id': 'id',
    }, is_optional=true) }}
),

owners as (
    {{ plr_vendor('hubspot', 'owner', {
        'owner_id': 'id!',
        'user_id': ['id', 'active_user_id'],
    }, is_optional=true) }}
),

owner_teams as (
    {{ plr_vendor('hubspot', 'owner_team', {
        'owner_id': 'id!',
        'team_id': 'id!',
        'is_primary': ['boolean', 'is_team_primary'],
    }, is_optional=true) }}
),

people as (
    select
        'user' as actor_kind,
        user_id as actor_id,
        role_id,
        team_id
    from users
    union all
    select
        'owner' as actor_kind,
        owners.owner_id as actor_id,
        users.role_id,
        coalesce(owner_teams.team_id, users.team_id) as team_id
    from owners
    left join users
        on owners.user_id = users.user_id
    left join owner_teams
        on owners.owner_id = owner_teams.owner_id and owner_teams.is_primary
),

described as (
    select
        'team' as actor_kind,
        team_id as actor_id,
        1 as field_number,
        'team' as field,
        team_name as said
    from teams
    union all
    select
        people.actor_kind,
        people.actor_id,
        1 as field_number,
        'role' as field,
        roles.role_name as said
    from people
    inner join roles
        on people.role_id = roles.role_id
    union all
    select
        people.actor_kind,
        people.actor_id,
        2 as field_number,
        'team' as field,
        teams.team_name as said
    from people
    inner join teams
        on people.team_id = teams.team_id
),

final as (
    {{ plr_told_teams(['actor_kind', 'actor_id']) | indent(4) }}
)

select * from final
