with

activities as (
    select
        *,
        case when is_automated then 'true' else 'false' end as automated
    from {{ ref('int_plr__crm_activities') }}
    where status = 'completed'
),

-- all that a rule can ask of an activity, and its answer: the first that fits says what the touch
-- is. Words have no blanks, and no rule asks for less than no minutes
kinds as (
    select distinct
        coalesce(activity_type, ' ') as activity_type,
        team,
        coalesce(direction, ' ') as direction,
        automated,
        coalesce(purpose, ' ') as purpose,
        coalesce(duration_minutes, -1) as duration_minutes
    from activities
),

matched_rules as (
    select
        kinds.*,
        contact_rules.is_sales_contact,
        contact_rules.is_human_touch,
        contact_rules.is_commercial,
        row_number() over (
            partition by
                kinds.activity_type,
                kinds.team,
                kinds.direction,
                kinds.automated,
                kinds.purpose,
                kinds.duration_minutes
            order by contact_rules.priority
        ) as rule_number
    from kinds
    inner join {{ ref('stg_plr__contact_rules') }} as contact_rules
        on
            {{ plr_cell_fits('contact_rules.activity_type', 'kinds.activity_type') }}
            and {{ plr_cell_fits('contact_rules.actor_team', 'kinds.team', plr_team_aliases()) }}
            and {{ plr_cell_fits('contact_rules.direction', 'kinds.direction') }}
            and {{ plr_cell_fits('contact_rules.is_automated', 'kinds.automated') }}
            and {{ plr_cell_fits('contact_rules.purpose', 'kinds.purpose') }}
            and (
                coalesce(contact_rules.min_duration_minutes, 0) = 0
                or kinds.duration_minutes >= contact_rules.min_duration_minutes
            )
),

-- a meeting on the books before it happens is a contact from the booking on
booked_activities as (
    select
        *,
        coalesce(activity_type in ('meeting', 'demo') and logged_lo_us < lo_us, false)
            as is_booked_ahead
    from activities
),

activity_touches as (
    select
        'activity' as source,
        booked.activity_id as source_id,
        booked.account_id,
        booked.team,
        case
            when booked.is_booked_ahead then booked.is_logged_date_only
            else booked.is_date_only
        end as is_date_only,
        booked.is_backdated,
        booked.is_automated,
        rules.rule_number is null as is_unmatched,
        coalesce(rules.is_sales_contact, true) as is_sales_contact,
        coalesce(rules.is_human_touch, true) as is_human_touch,
        coalesce(rules.is_commercial, true) as is_commercial,
        case when booked.is_booked_ahead then booked.logged_lo_us else booked.lo_us end as lo_us,
        case when booked.is_booked_ahead then booked.logged_hi_us else booked.hi_us end as hi_us,
        cast(null as bigint) as open_until_us,
        coalesce(booked.logged_lo_us, booked.lo_us) as logged_lo_us,
        coalesce(booked.logged_hi_us, booked.hi_us) as logged_hi_us
    from booked_activities as booked
    left join matched_rules as rules
        on
            coalesce(booked.activity_type, ' ') = rules.activity_type
            and booked.team = rules.team
            and coalesce(booked.direction, ' ') = rules.direction
            and booked.automated = rules.automated
            and coalesce(booked.purpose, ' ') = rules.purpose
            and coalesce(booked.duration_minutes, -1) = rules.duration_minutes
            and rules.rule_number = 1
),

-- whoever of sales opened it reached out; a renewal is commercial but no first contact
opportunity_touches as (
    select
        'opportunity' as source,
        opportunity_id as source_id,
        account_id,
        team,
        is_date_only,
        false as is_backdated,
        false as is_automated,
        false as is_unmatched,
        opportunity_type <> 'renewal' and {{ var('plr_opportunity_is_contact') }}
            as is_sales_contact,
        {{ var('plr_opportunity_is_contact') }} as is_human_touch,
        {{ var('plr_opportunity_is_contact') }} as is_commercial,
        lo_us,
        hi_us,
        open_until_us,
        lo_us as logged_lo_us,
        hi_us as logged_hi_us
    from {{ ref('int_plr__opportunities') }}
    where team not in ('csm', 'support', 'marketing', 'system')
),

final as (
    select * from activity_touches
    union all
    select * from opportunity_touches
)

select * from final
