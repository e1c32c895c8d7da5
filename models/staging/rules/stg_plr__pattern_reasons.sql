with

final as (
    {{ plr_input('plr_pattern_reasons') }}
)

select * from final
