{#-
    What does a credit give back? Long, since every round stands here: each knows what the one
    before decided of earlier credits, and longer chains of doubt are unheard of.
-#}
{%- set rounds = range(1, 7) %}

with

lines as (
    select
        *,
        end_us - start_us as length_us,
        case when is_by_time then mrr_by_time else mrr_by_months end as mrr
    from {{ ref('int_plr__invoice_measures') }}
),

credits as (
    select *
    from lines
    where is_open_credit
),

-- what ran when the credit began, and its share of the credit's time
returnable as (
    select
        credits.record_id as credit_id,
        lines.record_id,
        lines.line_position,
        lines.is_open_credit,
        lines.mrr,
        lines.mrr_by_time,
        lines.mrr_by_months,
        {{ plr_money_of_float(
            plr_divided('lines.amount', 'lines.length_us') ~ ' * credits.length_us'
        ) | indent(8) }} as amount_by_time,
        lines.mrr_by_months * credits.whole_months as amount_by_months
    from credits
    inner join lines
        on
            credits.account_id = lines.account_id
            and credits.subscription_id = lines.subscription_id
            and credits.currency = lines.currency
            and credits.line_position > lines.line_position
            and credits.start_us < lines.end_us
),

-- a first guess, by the amounts alone
shares as (
    select
        credit_id,
        sum(amount_by_time) as amount_by_time,
        sum(amount_by_months) as amount_by_months
    from returnable
    group by 1
),

decided_0 as (
    select
        credits.record_id,
        credits.account_id,
        credits.subscription_id,
        credits.currency,
        credits.line_position,
        false as is_goodwill,
        {{ plr_credit_measure_of(
            'credits.amount', 'shares.amount_by_time', 'shares.amount_by_months'
        ) | indent(8) }} as measure
    from credits
    left join shares
        on credits.record_id = shares.credit_id
),
{% for round in rounds %}
    known_{{ round }} as (
        select
            returnable.*,
            decided.measure,
            max(decided.measure) over (
                partition by returnable.credit_id, returnable.line_position
            ) as measure_beside,
            max(case when decided.measure is not null then returnable.line_position end) over (
                partition by returnable.credit_id
            ) as settled_position
        from returnable
        left join decided_{{ round - 1 }} as decided
            on returnable.record_id = decided.record_id
        where not coalesce(decided.is_goodwill, false)
    ),

    -- a credit that fits has returned all that came before it, and is no line any more; a charge
    -- goes by the measure of the credit beside it
    theirs_{{ round }} as (
        select
            credit_id,
            sum(amount_by_time) as amount_by_time,
            {{ plr_money("sum(
                case
                    when measure is not null or line_position < settled_position then 0
                    when is_open_credit or measure_beside is null then mrr
                    when measure_beside = 'time' then mrr_by_time
                    else mrr_by_months
                end
            )") }} as mrr
        from known_{{ round }}
        group by 1
    ),

    measured_{{ round }} as (
        select
            credits.record_id,
            credits.account_id,
            credits.subscription_id,
            credits.currency,
            credits.line_position,
            {{ plr_exceeds_returnable('credits.mrr', 'theirs.mrr') }} as exceeds,
            theirs.mrr as returned_mrr,
            {{ plr_credit_measure_of(
                'credits.amount', 'theirs.amount_by_time', 'theirs.mrr * credits.whole_months'
            ) | indent(8) }} as measure
        from credits
        left join theirs_{{ round }} as theirs
            on credits.record_id = theirs.credit_id
    ),

    decided_{{ round }} as (
        select
            *,
            measure is null and coalesce(exceeds, false) as is_goodwill
        from measured_{{ round }}
    ),
{% endfor %}
final as (
    select
        record_id,
        account_id,
        subscription_id,
        currency,
        line_position,
        measure,
        is_goodwill,
        returned_mrr
    from decided_{{ rounds | last }}
)

select * from final
