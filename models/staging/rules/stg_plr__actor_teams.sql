{{ config(enabled=plr_uses_a_connector(['plr_input_crm_activities', 'plr_input_opportunities'])) }}

with

final as (
    {{ plr_input('plr_actor_teams') }}
)

select * from final
