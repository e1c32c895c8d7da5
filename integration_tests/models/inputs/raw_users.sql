{{ empty_input('users') }}
