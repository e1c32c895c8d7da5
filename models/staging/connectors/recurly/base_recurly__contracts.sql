-- a line billed for a year or more is a term; what is billed by the month is none
{{ config(enabled=plr_uses('recurly', 'plr_input_contracts')) }}

{{ plr_yearly_terms(ref('base_recurly__invoice_lines')) }}
