{#-
    Terms of a subscription, from the lines of its invoices: what is billed for a year or more, each
    term following the one before it. Tools that keep no contracts know no other.
-#}
{% macro plr_yearly_terms(lines) %}
with

terms as (
    select
        invoice_line_id as contract_id,
        account_id,
        subscription_id,
        currency,
        cast(service_start as date) as term_start,
        cast(service_end as date) as term_end,
        amount,
        1 - net_share as discount_share
    from {{ lines }}
    where line_type = 'recurring'
),

measured as (
    select
        *,
        {{ plr_months_between('term_start', 'term_end') }} as term_months
    from terms
),

final as (
    select
        contract_id,
        account_id,
        subscription_id,
        lag(contract_id) over (
            partition by subscription_id
            order by term_start, contract_id
        ) as previous_contract_id,
        currency,
        term_start,
        term_end,
        cast(amount / term_months as {{ dbt.type_numeric() }}) as contract_mrr,
        cast(discount_share as {{ dbt.type_numeric() }}) as discount_share
    from measured
    where term_months >= 12
)

select * from final
{% endmacro %}


{#-
    The team of each person of a CRM, by what it says of them: a select of the columns `of`, and of
    known_team, which plr_actor_teams has for it, or said, the first of these texts, so that what
    nobody listed is seen. Reads the caller's CTEs `described` (`of`, field_number, field, said) and
    `actor_teams`. Who may be in two teams is in the one that sells.
-#}
{% macro plr_told_teams(of) %}
    {%- set who = of | join(', ') %}
select {{ who }}, known_team, said
from (
    select
        {{ who }}, known_team, said,
        row_number() over (
            partition by {{ who }}
            order by
                case when known_team is null then 1 else 0 end,
                field_number,
                case when known_team in ('csm', 'support', 'marketing', 'system') then 1 else 0 end,
                length(pattern) desc,
                pattern,
                said
        ) as place
    from (
        select described.*, actor_teams.actor_team as known_team, actor_teams.pattern
        from described
        inner join actor_teams
            on
                actor_teams.field in (described.field, 'any')
                and lower(described.said) like actor_teams.pattern
        union all
        select
            described.*,
            cast(null as {{ dbt.type_string() }}) as known_team,
            cast(null as {{ dbt.type_string() }}) as pattern
        from described
        where trim(said) <> ''
    ) as candidates
) as ranked
where place = 1
{% endmacro %}
