{{ empty_input('fx_rates') }}
