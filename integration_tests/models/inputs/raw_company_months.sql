{{ empty_input('company_months') }}
