{{ empty_input('crm_activities') }}
