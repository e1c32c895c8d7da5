{{ empty_input('entitlements') }}
