{%- set clock = plr_crm_offsets() %}

with

opportunities as (
    select
        *,
        {{ plr_read_word('opportunity_type') | indent(8) }} as stated_type,
        {{ plr_is_only_a_date('created_at', clock) }} as is_date_only,
        {{ plr_is_only_a_date('closed_at', clock) }} as is_closing_date_only,
        is_won and closed_at is not null as is_dated_win
    from {{ ref('stg_plr__opportunities') }}
    where reject_code is null
),

unclear as (
    select
        opportunity_id,
        account_id,
        created_at
    from opportunities
    where stated_type is null
),

-- what the account had been before tells what an opportunity is that does not say it itself
earlier_wins as (
    select distinct unclear.opportunity_id
    from unclear
    inner join opportunities as won
        on
            unclear.account_id = won.account_id
            and unclear.created_at > won.closed_at
    where won.is_won
),

earlier_payments as (
    select unclear.opportunity_id
    from unclear
    inner join {{ ref('int_plr__first_payments') }} as payments
        on unclear.account_id = payments.account_id
    where
        not payments.is_dated
        or payments.first_paid_date < cast(unclear.created_at as date)
),

last_month as (
    select max(month) as month
    from {{ ref('int_plr__months') }}
),

-- month-ends before it was opened: the last with MRR, and the last of all
earlier_mrr as (
    select
        unclear.opportunity_id,
        max(account_mrr.month) < max(least(
            {{ plr_date_add('month', -1, plr_month_of('unclear.created_at')) | indent(12) }},
            last_month.month
        )) as has_lapsed
    from unclear
    cross join last_month
    inner join {{ ref('int_plr__account_mrr') }} as account_mrr
        on
            unclear.account_id = account_mrr.account_id
            and account_mrr.month < {{ plr_month_of('unclear.created_at') }}
    where account_mrr.mrr > 0
    group by 1
),

timed as (
    select
        opportunities.*,
        case
            when opportunities.stated_type is not null then opportunities.stated_type
            when earlier_wins.opportunity_id is null and earlier_payments.opportunity_id is null
                then 'new_business'
            when earlier_mrr.has_lapsed then 'reactivation'
            else 'expansion'
        end as derived_type,
        {{ plr_lo_us_of('created_at', 'is_date_only', clock) | indent(8) }} as lo_us,
        {{ plr_hi_us_of('created_at', 'is_date_only', clock) | indent(8) }} as hi_us,
        {{ plr_lo_us_of('closed_at', 'is_closing_date_only', clock) | indent(8) }} as closed_lo_us,
        {{ plr_hi_us_of('closed_at', 'is_closing_date_only', clock) | indent(8) }} as closed_hi_us
    from opportunities
    left join earlier_wins
        on opportunities.opportunity_id = earlier_wins.opportunity_id
    left join earlier_payments
        on opportunities.opportunity_id = earlier_payments.opportunity_id
    left join earlier_mrr
        on opportunities.opportunity_id = earlier_mrr.opportunity_id
),

-- one closed at an unknown time never was open
final as (
    select
        opportunity_id,
        account_id,
        derived_type as opportunity_type,
        {{ plr_team_of('created_by_team') | indent(8) }} as team,
        created_at,
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
