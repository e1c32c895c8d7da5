-- companies, and what those merged away have become; a merge lists the ids that it took in
{{ config(
    enabled=plr_uses('hubspot', 'plr_input_accounts')
    or plr_uses('hubspot', 'plr_input_account_links')
) }}
{%- set ids = dbt.split_part('companies.merged_ids', "':'", 2) | trim %}
{%- set feeds_links = plr_uses('hubspot', 'plr_input_account_links') %}
{%- set own_type = 'text!' if feeds_links else 'text' %}
{%- set own_field = plr_account_field('hubspot') if feeds_links else none %}

with

companies as (
    {{ plr_vendor('hubspot', 'company', {
        'account_id': ['id!', 'id'],
        'account_name': ['text', 'property_name'],
        'parent_account_id': ['id', 'property_hs_parent_company_id'],
        'merged_ids': ['id', 'property_hs_merged_object_ids'],
        'own_id': [own_type, own_field],
        'segment': ['text', var('plr_connector_segment_fields').get('hubspot')],
        'acquisition_channel': ['text', 'property_hs_analytics_source'],
        'domain': ['text', 'property_domain'],
        'website': ['text', 'property_website'],
        'created_at': ['timestamp', 'property_createdate'],
        'is_deleted': 'boolean',
        'is_gone': ['boolean', '_fivetran_deleted'],
    }) }}
),

numbers as (
    {{ dbt_utils.generate_series(250) }}
),

-- the ids stand behind the tool's name, as `hubspot:1;2`; no record takes in more than 250
listed as (
    select
        companies.account_id as survivor_id,
        companies.created_at,
        coalesce(companies.is_deleted, false) or coalesce(companies.is_gone, false) as is_gone,
        {{ dbt.split_part('companies.merged_ids', "':'", 1) | trim }} as tool,
        {{ plr_part(ids, ';', 'numbers.generated_number') }} as merged_id
    from companies
    cross join numbers
    where companies.merged_ids is not null
),

taken_in as (
    select
        survivor_id,
        created_at,
        is_gone,
        {{ dbt.concat(['tool', "':'", 'trim(merged_id)']) }} as account_id
    from listed
    where trim(merged_id) <> ''
),

-- a later merge lists what earlier ones took in, too
mergers as (
    select
        account_id,
        survivor_id,
        row_number() over (
            partition by account_id
            order by case when is_gone then 1 else 0 end asc, created_at desc, survivor_id desc
        ) as place
    from taken_in
    where account_id <> survivor_id
),

final as (
    select
        companies.account_id,
        companies.account_name,
        companies.parent_account_id,
        mergers.survivor_id as merged_into_account_id,
        companies.own_id,
        companies.segment,
        companies.acquisition_channel,
        companies.created_at,
        coalesce(nullif(trim(companies.domain), ''), companies.website) as email_or_website
    from companies
    left join mergers
        on companies.account_id = mergers.account_id and mergers.place = 1
    where
        mergers.survivor_id is not null
        or not (coalesce(companies.is_deleted, false) or coalesce(companies.is_gone, false))
    union all
    select
        mergers.account_id,
        cast(null as {{ dbt.type_string() }}) as account_name,
        cast(null as {{ dbt.type_string() }}) as parent_account_id,
        mergers.survivor_id as merged_into_account_id,
        cast(null as {{ dbt.type_string() }}) as own_id,
        cast(null as {{ dbt.type_string() }}) as segment,
        cast(null as {{ dbt.type_string() }}) as acquisition_channel,
        cast(null as {{ dbt.type_timestamp() }}) as created_at,
        cast(null as {{ dbt.type_string() }}) as email_or_website
    from mergers
    left join companies
        on mergers.account_id = companies.account_id
    where mergers.place = 1 and companies.account_id is null
)

select * from final
