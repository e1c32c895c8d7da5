{{ config(enabled=plr_uses_a_connector(['plr_input_crm_activities'])) }}

with

final as (
    {{ plr_input('plr_activity_types') }}
)

select * from final
