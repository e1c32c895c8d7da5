{{ empty_input('opportunities') }}
