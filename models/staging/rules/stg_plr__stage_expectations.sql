with

final as (
    {{ plr_input('plr_stage_expectations') }}
)

select * from final
