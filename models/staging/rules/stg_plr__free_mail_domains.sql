{{ config(enabled=plr_links_by_domain()) }}

with

final as (
    {{ plr_input('plr_free_mail_domains') }}
)

select * from final
