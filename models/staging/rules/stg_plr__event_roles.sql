with

final as (
    {{ plr_input('plr_event_roles') }}
)

select * from final
