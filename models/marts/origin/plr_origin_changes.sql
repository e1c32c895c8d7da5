with

entries as (
    select * from {{ ref('int_plr__origin_log') }}
),

verdicts as (
    select
        *,
        {{ plr_micros('paid_date') }} as paid_us,
        row_number() over (partition by id order by logged_at) as entry_number,
        max(origin) over (
            partition by id
            order by logged_at
            rows between unbounded preceding and 1 preceding
        ) as an_earlier_origin
    from entries
    where kind = 'account'
),

other_settings as (
    select distinct logged_at
    from entries
    where kind = 'setting'
),

as_of_moves as (
    select
        logged_at,
        lag(as_of_date) over (order by logged_at) as as_of_before
    from entries
    where kind = 'as_of'
),

-- a first verdict changes none
changes as (
    select
        later.*,
        earlier.origin as origin_before,
        earlier.origin_evidence as origin_evidence_before,
        earlier.activity_lo_us as activity_before_us,
        earlier.contact_lo_us as contact_before_us,
        earlier.paid_us as paid_before_us,
        earlier.merged_accounts as merged_accounts_before
    from verdicts as later
    inner join verdicts as earlier
        on later.id = earlier.id and later.entry_number = earlier.entry_number + 1
    where
        later.an_earlier_origin is not null
        and (
            coalesce(later.origin, '') <> coalesce(earlier.origin, '')
            or coalesce(later.origin_evidence, '') <> coalesce(earlier.origin_evidence, '')
        )
),

dated as (
    select
        changes.*,
        other_settings.logged_at is not null as has_other_settings,
        as_of_moves.logged_at is not null as is_as_of_moved,
        {{ plr_micros('changes.as_of_date') }} + {{ plr_days_us(1) }} as until_us,
        {{ plr_micros('coalesce(as_of_moves.as_of_before, changes.as_of_date)') }}
        + {{ plr_days_us(1) }} as until_before_us
    from changes
    left join other_settings
        on changes.logged_at = other_settings.logged_at
    left join as_of_moves
        on changes.logged_at = as_of_moves.logged_at
),

final as (
    select
        id as account_id,
        account_name,
        logged_at as run_at,
        as_of_date,
        origin_before,
        origin as origin_after,
        origin_evidence_before,
        origin_evidence as origin_evidence_after,
        {{ plr_from_micros('activity_before_us') }} as first_meaningful_activity_at_before,
        {{ plr_from_micros('activity_lo_us') }} as first_meaningful_activity_at_after,
        {{ plr_from_micros('contact_before_us') }} as first_sales_contact_at_before,
        {{ plr_from_micros('contact_lo_us') }} as first_sales_contact_at_after,
        {{ plr_money('coalesce(closing_mrr, 0)') }} as closing_mrr,
        case
            when has_other_settings then 'rules_or_settings_changed'
            when
                merged_into_account_id is not null
                or merged_accounts <> merged_accounts_before
                then 'merge'
            when
                {{ plr_is_earlier_by('activity_lo_us', 'activity_before_us', 'until_before_us') }}
                or {{ plr_is_earlier_by('contact_lo_us', 'contact_before_us', 'until_before_us') }}
                or {{ plr_is_earlier_by('paid_us', 'paid_before_us', 'until_before_us') }}
                then 'evidence_added'
            when
                state = 'gone'
                or {{ plr_is_earlier_by('activity_before_us', 'activity_lo_us', 'until_us') }}
                or {{ plr_is_earlier_by('contact_before_us', 'contact_lo_us', 'until_us') }}
                or {{ plr_is_earlier_by('paid_before_us', 'paid_us', 'until_us') }}
                then 'evidence_gone'
            when is_as_of_moved then 'as_of_moved'
            -- what no first time shows: a purchase, or how far back a feed reaches
            when coalesce(origin, 'untracked') = 'untracked' then 'evidence_gone'
            else 'evidence_added'
        end as cause
    from dated
)

select * from final
