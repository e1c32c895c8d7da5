-- a stage misspelt in var plr_designed_for_stage would silently limit nothing
{{ config(group='product_led_revenue') }}
{%- set designed_for_stage = var('plr_designed_for_stage') or '' %}

with

stages as (
    select * from {{ ref('stg_plr__stage_expectations') }}
),

named as (
    select count(*) as n_stages
    from stages
    where stage = '{{ designed_for_stage }}'
)

select 'var plr_designed_for_stage names no stage of var plr_stage_expectations' as problem
from named
where n_stages = 0 and '{{ designed_for_stage }}' <> ''
