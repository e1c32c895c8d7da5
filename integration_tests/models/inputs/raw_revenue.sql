{{ empty_input('revenue_periods') }}
