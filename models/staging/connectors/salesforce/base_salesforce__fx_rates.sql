-- a rate is foreign per unit of the corporate currency; the one at a month's end is the month's
{{ config(enabled=plr_uses('salesforce', 'plr_input_fx_rates')) }}

with

rates as (
    {{ plr_vendor('salesforce', 'dated_conversion_rate', {
        'currency': ['text!', 'iso_code'],
        'start_date': 'date!',
        'next_start_date': 'date!',
        'conversion_rate': 'number!',
    }) }}
),

numbers as (
    {{ dbt_utils.generate_series(1200) }}
),

months as (
    select
        {{ plr_date_add(
            'month', 'cast(1 - generated_number as int)', plr_month_of(plr_as_of())
        ) }} as month
    from numbers
),

month_ends as (
    select
        month,
        {{ dbt.last_day('month', 'month') }} as month_end
    from months
),

-- ranges may meet on a day: the later one holds
valid as (
    select
        month_ends.month,
        upper(rates.currency) as currency,
        rates.conversion_rate,
        row_number() over (
            partition by month_ends.month, upper(rates.currency) order by rates.start_date desc
        ) as place
    from month_ends
    inner join rates
        on
            month_ends.month_end >= rates.start_date
            and month_ends.month_end < rates.next_start_date
    where rates.conversion_rate > 0
),

final as (
    select
        foreign_rates.month,
        foreign_rates.currency,
        reporting_rates.conversion_rate / foreign_rates.conversion_rate as rate
    from valid as foreign_rates
    inner join valid as reporting_rates
        on
            foreign_rates.month = reporting_rates.month
            and reporting_rates.currency = '{{ plr_var("plr_reporting_currency") }}'
            and reporting_rates.place = 1
    where foreign_rates.place = 1
)

select * from final
