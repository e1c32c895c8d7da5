{%- set clock = plr_crm_offsets() %}

with

opportunities as (
    select
        *,
        {{ plr_is_only_a_date('created_at', clock) }} as is_date_only,
        {{ plr_is_only_a_date('closed_at', clock) }} as is_closing_date_only,
        is_won and closed_at is not null as is_dated_win
    from {{ ref('stg_plr__opportunities') }}
    where reject_code is null
),

timed as (
    select
        *,
        {{ plr_lo_us_of('created_at', 'is_date_only', clock) | indent(8) }} as lo_us,
        {{ plr_hi_us_of('created_at', 'is_date_only', clock) | indent(8) }} as hi_us,
        {{ plr_lo_us_of('closed_at', 'is_closing_date_only', clock) | indent(8) }} as closed_lo_us,
        {{ plr_hi_us_of('closed_at', 'is_closing_date_only', clock) | indent(8) }} as closed_hi_us
    from opportunities
),

-- one closed at an unknown time never was open
final as (
    select
        opportunity_id,
        account_id,
        opportunity_type,
        {{ plr_team_of('created_by_team') }} as team,
        closed_at,
        amount_mrr,
        currency,
        is_date_only,
        case
            when is_dated_win
                then row_number() over (
                    partition by account_id, is_dated_win
                    order by closed_at, {{ plr_in_byte_order('opportunity_id') }}
                )
        end as won_deal_number,
        lo_us,
        hi_us,
        closed_hi_us,
        case
            when closed_lo_us is not null then closed_lo_us
            when is_closed then lo_us
            else {{ plr_forever_us() }}
        end as open_until_us
    from timed
)

select * from final
