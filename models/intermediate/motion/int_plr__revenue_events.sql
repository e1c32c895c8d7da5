-- every revenue event and who started it; a first payment is told twice, by two lenses
with

events as (
    select
        subject_id as event_id,
        account_id,
        stage,
        month,
        event_date,
        amount_mrr,
        initiation,
        unobserved_reason,
        signal_lo_us,
        signal_role,
        commercial_lo_us,
        human_lo_us,
        touch_source,
        touch_id,
        touch_team,
        window_start,
        window_end
    from {{ ref('int_plr__initiations') }}
    where subject_type = 'event'
    union all
    select
        {{ dbt.concat([
            "'acquisition|'", 'account_id', "'|'", 'cast(event_date as ' ~ dbt.type_string() ~ ')'
        ]) }} as event_id,
        account_id,
        'acquisition' as stage,
        month,
        event_date,
        amount_mrr,
        initiation,
        unobserved_reason,
        signal_lo_us,
        signal_role,
        contact_lo_us as commercial_lo_us,
        cast(null as bigint) as human_lo_us,
        cast(null as {{ dbt.type_string() }}) as touch_source,
        cast(null as {{ dbt.type_string() }}) as touch_id,
        cast(null as {{ dbt.type_string() }}) as touch_team,
        cast(null as date) as window_start,
        window_end
    from {{ ref('int_plr__acquisitions') }}
),

final as (
    select
        events.*,
        accounts.segment,
        accounts.acquisition_channel
    from events
    inner join {{ ref('int_plr__accounts') }} as accounts
        on events.account_id = accounts.account_id
)

select * from final
