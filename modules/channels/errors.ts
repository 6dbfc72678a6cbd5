import { defineErrors } from '../../kernel/error.ts'

export const channelErrors = defineErrors('channels', {
  channel_not_found: 'not_found',
  channel_name_reserved: 'invalid',
  channel_enabled: 'conflict',
  channel_not_offered: 'rejected',
  none_offered: 'rejected',
  list_has_duplicates: 'invalid',
  day_limit_too_low: 'invalid',
  shares_over_whole: 'rejected',
  too_many_channels: 'rejected',
  rules_invalid: 'invalid',
  rules_changed: 'conflict',
  document_not_found: 'not_found',
  tier_not_earned: 'rejected',
  alert_not_found: 'not_found',
  alert_acknowledged: 'conflict',
  range_too_long: 'invalid',
})
