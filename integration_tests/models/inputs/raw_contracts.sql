{{ empty_input('contracts') }}
