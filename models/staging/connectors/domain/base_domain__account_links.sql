-- a domain's home is its one account in the first of these tools that has the domain at all
{{ config(enabled=plr_links_by_domain()) }}
{%- set tools = plr_tools_with_domains() %}

with

addresses as (
    {% for tool in tools -%}
        select
            {{ loop.index }} as tool_order,
            account_id,
            is_person,
            lower(trim(email_or_website)) as address
        from {{ ref('base_' ~ tool ~ '__account_domains') }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- what shares an id is one account already: its domain counts for that one
links_by_id as (
    {% for relation in plr_other_account_links() -%}
        select
            account_id,
            same_as_account_id
        from {{ relation }}
        union all
    {% endfor -%}
    select
        cast(null as {{ dbt.type_string() }}) as account_id,
        cast(null as {{ dbt.type_string() }}) as same_as_account_id
),

known_links as (
    select
        account_id,
        min(same_as_account_id) as same_as_account_id
    from links_by_id
    group by 1
),

-- what follows the @ of an email address, or the https:// of a website
addresses_alone as (
    select
        tool_order,
        account_id,
        is_person,
        case
            when address like '%@%' then {{ dbt.split_part('address', "'@'", 2) }}
            when address like '%://%' then {{ dbt.split_part('address', "'://'", 2) }}
            else address
        end as address
    from addresses
),

-- ... before its path and its port
hosts as (
    select
        tool_order,
        account_id,
        is_person,
        {{ dbt.split_part(dbt.split_part('address', "'/'", 1), "':'", 1) }} as host
    from addresses_alone
),

domains as (
    select distinct
        hosts.tool_order,
        coalesce(known_links.same_as_account_id, hosts.account_id) as account_id,
        hosts.is_person,
        case when hosts.host like 'www.%' then substring(hosts.host, 5) else hosts.host end
            as domain
    from hosts
    left join known_links
        on hosts.account_id = known_links.account_id
    where hosts.host like '%.%'
),

companies_by_domain as (
    select
        domains.domain,
        domains.tool_order,
        count(*) as n_companies,
        min(domains.account_id) as account_id,
        min(domains.tool_order) over (partition by domains.domain) as home_tool_order
    from domains
    left join {{ ref('stg_plr__free_mail_domains') }} as free_mail
        on domains.domain = free_mail.domain
    where free_mail.domain is null and not domains.is_person
    group by 1, 2
),

-- who is one of several with a domain may be an agency's client, or a brand
homes as (
    select
        domain,
        account_id
    from companies_by_domain
    where tool_order = home_tool_order and n_companies = 1
),

found as (
    select
        domains.account_id,
        homes.account_id as same_as_account_id,
        homes.domain
    from domains
    inner join homes
        on domains.domain = homes.domain
    inner join companies_by_domain
        on
            domains.domain = companies_by_domain.domain
            and domains.tool_order = companies_by_domain.tool_order
    left join known_links
        on domains.account_id = known_links.account_id
    where
        domains.account_id <> homes.account_id
        and companies_by_domain.n_companies = 1
        and known_links.account_id is null
),

-- an account of two domains that lead to two companies is left alone
final as (
    select
        account_id,
        min(same_as_account_id) as same_as_account_id,
        {{ dbt.concat(["'domain '", 'min(domain)']) }} as matched_by
    from found
    group by 1
    having count(distinct same_as_account_id) = 1
)

select * from final
