-- every deal with what came first by the time it was opened: before the first payment of all that
-- is known, after it of the last days, or lifetime activity would make every later deal the
-- product's
with

evident as (
    select
        opportunities.*,
        readings.signed_up_us,
        readings.created_us as account_created_us,
        recent.window_start_us,
        recent.opportunity_id is not null as is_recent,
        case
            when recent.opportunity_id is null then readings.activity_lo_us
            else recent.product_lo_us
        end as product_lo_us,
        case
            when recent.opportunity_id is null then readings.activity_hi_us
            else recent.product_hi_us
        end as product_hi_us,
        case
            when recent.opportunity_id is null then readings.contact_lo_us
            else recent.touch_lo_us
        end as person_lo_us,
        case
            when recent.opportunity_id is null then readings.contact_hi_us
            else recent.touch_hi_us
        end as person_hi_us
    from {{ ref('int_plr__opportunities') }} as opportunities
    inner join {{ ref('int_plr__origin_readings') }} as readings
        on
            opportunities.opportunity_id = readings.subject_id
            and readings.subject_type = 'opening'
    left join {{ ref('int_plr__recent_openings') }} as recent
        on opportunities.opportunity_id = recent.opportunity_id
),

final as (
    select
        evident.opportunity_id,
        evident.account_id,
        evident.opportunity_type,
        evident.created_at,
        {{ plr_month_of('evident.created_at') }} as opened_month,
        evident.closed_at,
        evident.amount_mrr,
        coalesce(evident.currency, '{{ plr_var("plr_reporting_currency") }}') as currency,
        case
            when evident.closed_at is null then 'open'
            when evident.won_deal_number is not null then 'won'
            else 'lost'
        end as outcome,
        {{ plr_sequence_of(
            'evident.product_lo_us',
            'evident.product_hi_us',
            'evident.person_lo_us',
            'evident.person_hi_us'
        ) | indent(8) }} as sequence_at_open,
        case when evident.is_recent then 'recent' else 'origin' end as sequence_basis,
        coalesce(
            case
                when evident.is_recent
                    then
                        evident.window_start_us >= coverage.crm_start_us
                        and evident.window_start_us >= coverage.events_start_us
                else
                    {{ plr_starts_by('coverage.crm_start_us', [
                        'evident.signed_up_us',
                        'evident.account_created_us',
                        'evident.product_lo_us',
                    ]) | indent(20) }}
                    and {{ plr_starts_by('coverage.events_start_us', [
                        'evident.signed_up_us', 'evident.person_lo_us'
                    ]) | indent(20) }}
            end,
            false
        ) as is_sequence_covered
    from evident
    cross join {{ ref('int_plr__coverage') }} as coverage
)

select * from final
