with

final as (
    {{ plr_input('plr_activity_rules') }}
)

select * from final
