{{ config(materialized='view') }}
{%- set scope = 'ultimate_parent_id' if 'family' in
    [plr_var('plr_contact_scope'), plr_var('plr_activity_scope')] else 'account_id' %}

-- the first sales contact of each subject: by when it happened, by when it was logged, with all
-- that marketing did, and without what a machine did
with

accounts as (
    select * from {{ ref('int_plr__accounts') }}
),

touches as (
    select
        owners.{{ scope }} as scope_id,
        touches.source,
        touches.source_id,
        touches.is_date_only,
        touches.is_backdated,
        touches.is_automated,
        touches.is_sales_contact,
        touches.lo_us,
        touches.hi_us,
        touches.logged_lo_us,
        touches.logged_hi_us
    from {{ ref('int_plr__sales_touches') }} as touches
    inner join accounts as owners
        on touches.account_id = owners.account_id
    where touches.is_sales_contact or touches.team = 'marketing'
),

dated_touches as (
    {% for contact_time, condition in {
        'occurred': 'is_sales_contact',
        'logged': 'is_sales_contact',
        'wider': '1 = 1',
        'narrower': 'is_sales_contact and not is_automated',
    }.items() -%}
        select
            '{{ contact_time }}' as contact_time,
            scope_id,
            source,
            source_id,
            is_date_only,
            is_backdated,
            {{ 'logged_lo_us as lo_us' if contact_time == 'logged' else 'lo_us' }},
            {{ 'logged_hi_us as hi_us' if contact_time == 'logged' else 'hi_us' }}
        from touches
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- a touch that begins when another is surely past is never the first; a deal may have to be left
-- out, so none is ruled out by it, and none is ruled out
bounds as (
    select
        contact_time,
        scope_id,
        min(hi_us) as bound_us
    from dated_touches
    where source <> 'opportunity'
    group by 1, 2
),

early_touches as (
    select dated_touches.*
    from dated_touches
    left join bounds
        on
            dated_touches.contact_time = bounds.contact_time
            and dated_touches.scope_id = bounds.scope_id
    where
        dated_touches.source = 'opportunity'
        or dated_touches.lo_us <= bounds.bound_us
),

ranked_touches as (
    select
        subjects.subject_id,
        subjects.subject_type,
        touches.contact_time,
        touches.source,
        touches.is_date_only,
        touches.is_backdated,
        touches.lo_us,
        touches.hi_us,
        row_number() over (
            partition by subjects.subject_id, subjects.subject_type, touches.contact_time
            order by
                touches.lo_us,
                touches.hi_us,
                touches.source,
                {{ plr_in_byte_order('touches.source_id') }}
        ) as touch_number
    from {{ ref('int_plr__origin_subjects') }} as subjects
    inner join accounts
        on subjects.account_id = accounts.account_id
    inner join early_touches as touches
        on
            accounts.{{ scope }} = touches.scope_id
            and subjects.evidence_until_us >= touches.lo_us
    -- only a paying account is read otherwise; a deal's own creation did not lead to it
    where
        (
            touches.contact_time in ('occurred', 'logged')
            or (subjects.subject_type = 'account' and subjects.is_paying)
        )
        and (
            subjects.subject_type <> 'opening'
            or touches.source <> 'opportunity'
            or subjects.subject_id <> touches.source_id
        )
),

-- earliest and latest separately: a timed call beats a vague note of the same day
final as (
    select
        subject_id,
        subject_type,
        contact_time,
        max(case when touch_number = 1 then source end) as contact_source,
        max(
            case
                when touch_number = 1 then case when is_date_only then 'date' else 'timestamp' end
            end
        ) as contact_precision,
        min(lo_us) as contact_lo_us,
        min(hi_us) as contact_hi_us,
        max(case when touch_number = 1 and is_backdated then 1 else 0 end) = 1
            as is_contact_backdated
    from ranked_touches
    group by 1, 2, 3
)

select * from final
