{{ empty_input('accounts') }}
