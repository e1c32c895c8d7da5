{{ empty_input('account_costs') }}
