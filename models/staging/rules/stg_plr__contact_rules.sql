with

final as (
    {{ plr_input('plr_contact_rules') }}
)

select * from final
