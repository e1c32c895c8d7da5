{{ config(enabled=plr_uses_a_connector(['plr_input_opportunities'])) }}

with

final as (
    {{ plr_input('plr_opportunity_types') }}
)

select * from final
