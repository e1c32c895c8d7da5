{#-
    A model of the package as the last run left it, wherever the user's settings put it; none in a
    full refresh, before its first run, where nothing can be looked up, and in a unit test, which is
    no model.
-#}
{% macro plr_last_run_of(model_name) %}
    {%- set node_id = 'model.product_led_revenue.' ~ model_name -%}
    {%- if not execute or flags.INTROSPECT is false or flags.FULL_REFRESH
        or node_id not in graph.nodes -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set node = graph.nodes[node_id] -%}
    {{ return(load_relation(api.Relation.create(
        database=node.database, schema=node.schema, identifier=node.alias
    ))) }}
{% endmacro %}


{#- The same of the model itself, where the warehouse can read a table while it is replaced. -#}
{% macro plr_last_run_of_this() %}
    {{ return(adapter.dispatch('plr_last_run_of_this', 'product_led_revenue')()) }}
{% endmacro %}

{% macro default__plr_last_run_of_this() %}
    {{ return(plr_last_run_of(model.name)) }}
{% endmacro %}

{% macro spark__plr_last_run_of_this() %}
    {{ return(none) }}
{% endmacro %}


{#-
    The months whose raw events this run reads, as ['2024-01-01', ...]; none for all of them. Looked
    up first, since a constant is what lets the warehouse skip the other events. A model that is
    built alone, by a full refresh or because it is gone, needs all; what also rests on rules begins
    anew when these change.
-#}
{% macro plr_months_of_this_run(rests_on_rules=false) %}
    {%- set months = ref('product_led_revenue', 'int_plr__months_to_read') -%}
    {%- if not execute or months.type == 'cte' or flags.INTROSPECT is false or flags.FULL_REFRESH
        or none in [load_relation(months), load_relation(this)] -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set listed = run_query('select event_month, reason from ' ~ months ~ ' order by 1') -%}
    {%- set reasons = listed.columns[1].values() | list -%}
    {%- if 'everything' in reasons or (rests_on_rules and 'rules' in reasons) -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(listed.columns[0].values() | map('string') | unique | list) }}
{% endmacro %}


{#- Whether a month is one of those listed; always where there is no list. -#}
{% macro plr_is_in_months(column, months) -%}
    {%- if months is none -%}
        1 = 1
    {%- elif not months -%}
        1 = 0
    {%- else -%}
        {{ column }} in (
        {%- for month in months -%}
            cast('{{ month }}' as date){{ ', ' if not loop.last }}
        {%- endfor -%}
        )
    {%- endif -%}
{%- endmacro %}


{#- Months and those from `first` to `last` months after each, in order. -#}
{% macro plr_months_around(months, first, last) %}
    {%- if months is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set found = [] -%}
    {%- for month in months -%}
        {%- set number = (month | string)[:4] | int * 12 + (month | string)[5:7] | int - 1 -%}
        {%- for step in range(first, last + 1) -%}
            {%- set moved = number + step -%}
            {%- do found.append('%04d-%02d-01' | format(moved // 12, moved % 12 + 1)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found | unique | sort) }}
{% endmacro %}


{#-
    The months whose rows a model replaces though nothing may be left of them: those it finds anew,
    and, where it finds all anew, those that the last run had filled.
-#}
{% macro plr_months_to_empty(months) %}
    {%- set last_run = plr_last_run_of(model.name) if months is none -%}
    {%- if last_run -%}
        {{ return(
            run_query('select distinct event_month from ' ~ last_run).columns[0].values() | list
        ) }}
    {%- endif -%}
    {{ return(months or []) }}
{% endmacro %}


{#- Whether a raw event lies in the months to read; those without a time lie in 1900. -#}
{% macro plr_is_to_read(occurred_at) -%}
    {%- set months = plr_months_of_this_run() -%}
    {%- if months is none -%}
        1 = 1
    {%- else -%}
        (
            1 = 0
        {%- for month in months %}
            or (
                {{ occurred_at }} >= cast('{{ month }}' as {{ dbt.type_timestamp() }})
                and {{ occurred_at }} < cast(
                    '{{ plr_months_around([month], 1, 1)[0] }}' as {{ dbt.type_timestamp() }}
                )
            )
            {%- if (month | string) == '1900-01-01' %}
            or {{ occurred_at }} is null
            {%- endif -%}
        {%- endfor %}
        )
    {%- endif -%}
{%- endmacro %}


{#- What the copies of one raw event have in common; null where its id or its time is. -#}
{% macro plr_event_key_of(event_id, occurred_at) -%}
    {{ return(adapter.dispatch('plr_event_key_of', 'product_led_revenue')(
        event_id, occurred_at
    )) }}
{%- endmacro %}

{% macro default__plr_event_key_of(event_id, occurred_at) -%}
    {{ dbt.concat([event_id, "'|'", 'cast(' ~ occurred_at ~ ' as ' ~ dbt.type_string() ~ ')']) }}
{%- endmacro %}

{#- A number is found faster than a text, and two events of one number are told apart later. -#}
{% macro duckdb__plr_event_key_of(event_id, occurred_at) -%}
    case
        when {{ event_id }} is not null and {{ occurred_at }} is not null
            then hash({{ event_id }}, {{ occurred_at }})
    end
{%- endmacro %}


{#-
    Ids that mean something else than when their events were read, one row an id: since when, and
    whether its events have to be looked up. An id that is new, and not of an internal user, was
    unknown in all events read so far, and those are kept under their unresolved id; one that was
    known before it came under contract is not new.
-#}
{% macro plr_changed_meanings(last_read, meanings) -%}
    select
        differing.kind,
        differing.id,
        min(differing.from_us) as from_us,
        max(case when last_read.id is not null or differing.meaning = 'internal' then 1 else 0 end)
        = 1 as is_looked_up
    from (
        (
            select kind, id, from_us, meaning from {{ meanings }}
            {{ dbt.except() }}
            select kind, id, from_us, meaning from {{ last_read }}
        )
        union all
        (
            select kind, id, from_us, meaning from {{ last_read }}
            where kind not in ('month', 'run')
            {{ dbt.except() }}
            select kind, id, from_us, meaning from {{ meanings }}
        )
    ) as differing
    left join (select distinct kind, id from {{ last_read }}) as last_read
        on
            case
                when differing.kind = 'contract of account' then 'account'
                when differing.kind = 'contract of user' then 'user'
                else differing.kind
            end = last_read.kind
            and differing.id = last_read.id
    group by 1, 2
{%- endmacro %}


{#-
    What a run that did not finish was to read, as [month, reason] rows: what it left half done is
    read again, whatever has become of the changes since.
-#}
{% macro plr_unfinished_months(last_read) %}
    {%- set listed = plr_last_run_of('int_plr__months_to_read') -%}
    {%- if listed is none -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set unfinished -%}
        select event_month, reason from {{ listed }}
        where run_id not in (select id from {{ last_read }} where kind = 'run')
        order by 1, 2
    {%- endset -%}
    {{ return(run_query(unfinished).rows | list) }}
{% endmacro %}


{#- What has changed since events were last read; looked up before any is read, and said aloud. -#}
{% macro plr_changes_since(last_read, events, meanings) %}
    {%- set window -%}
        select {{ plr_month_of(plr_from_micros(
            'max(from_us) - ' ~ plr_days_us(var('plr_late_arrival_days'))
        )) }}
        from {{ last_read }}
        where kind = 'month'
    {%- endset -%}
    {%- set window_month = run_query(window).columns[0].values()[0] or '1900-01-01' -%}
    {%- set recent -%}
        select
            {{ plr_month_of('occurred_at') }} as event_month,
            count(*)
        from {{ events }}
        where occurred_at >= cast('{{ window_month }}' as {{ dbt.type_timestamp() }})
        group by 1
        order by 1
    {%- endset -%}
    {%- set recent_columns = run_query(recent).columns -%}
    {%- set older_rows -%}
        select
            (select count(*) from {{ events }})
            - {{ recent_columns[1].values() | sum }}
            - (
                select coalesce(sum(cast(meaning as bigint)), 0) from {{ last_read }}
                where kind = 'month' and id < '{{ window_month }}'
            )
    {%- endset -%}
    {%- set by_kind -%}
        select kind, count(*), min(from_us)
        from ({{ plr_changed_meanings(last_read, meanings) }}) as changed
        where
            (is_looked_up or kind in ('event_name', 'setting', 'rule'))
            and from_us < {{ plr_micros("cast('" ~ window_month ~ "' as date)") }}
        group by 1
    {%- endset -%}
    {%- set unfinished = plr_unfinished_months(last_read) -%}
    {%- set changes = {
        'unfinished': unfinished,
        'window_month': window_month,
        'recent_months': recent_columns[0].values() | map('string') | list,
        'has_late_rows': run_query(older_rows).columns[0].values()[0] | int != 0,
        'looked_up': [],
    } -%}
    {%- for month, reason in unfinished if reason == 'everything' -%}
        {%- do changes.update({'everything': true}) -%}
    {%- endfor -%}
    {%- for kind, number, from_us in run_query(by_kind).rows -%}
        {%- do changes.update({kind: number | int}) -%}
        {%- if kind not in ['setting', 'rule'] -%}
            {%- do changes.looked_up.append(from_us | int) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ plr_say_what_changed(changes) }}
    {{ return(changes) }}
{% endmacro %}


{#- One line in the log for each kind of change that reaches back. -#}
{% macro plr_say_what_changed(changes) %}
    {%- set said = {
        'setting': 'plr_events_are_unique, the columns of product_events, or what unlisted event'
            ~ ' names count for, changed: all raw events are read again, as with --full-refresh',
        'account': 'account(s) were merged, found, lost or turned internal: the months of their'
            ~ ' events are read again',
        'user': 'user(s) changed accounts in the past or turned internal: the months of their'
            ~ ' events are read again',
        'contract of account': 'account id(s) are under contract, or no more, since earlier than'
            ~ ' when their events were read: the months from their first term on are read again',
        'contract of user': 'user(s) belong to an account under contract, or no more: the months of'
            ~ ' their events from its first term on are read again',
        'event_name': 'event name(s) have another role: the months of their events are read again',
        'rule': 'rule(s) of roles, activity or signal windows changed: what rests on them is'
            ~ ' found anew from the signals kept',
    } -%}
    {%- for kind, sentence in said.items() if kind in changes -%}
        {{ log(
            'product_led_revenue: ' ~ (changes[kind] ~ ' ' if kind != 'setting' else '')
            ~ sentence ~ '.',
            info=true
        ) }}
    {%- endfor -%}
    {%- if changes.unfinished -%}
        {{ log(
            'product_led_revenue: the run before did not finish: its months are read again.',
            info=true
        ) }}
    {%- endif -%}
    {%- if changes.has_late_rows -%}
        {{ log(
            'product_led_revenue: raw events changed before ' ~ changes.window_month
            ~ ': the months whose row counts differ are read again.',
            info=true
        ) }}
    {%- endif -%}
{% endmacro %}
