import { given, oneOf, type Raw, uuidOf } from '../search/params.ts'

/** Which alerts to list: the open ones unless others are chosen. */
export const ALERT_VIEWS = ['open', 'closed', 'any'] as const
export type AlertView = (typeof ALERT_VIEWS)[number]

export type AlertsSearch = { state?: AlertView; channel?: string; before?: string }

const CHANNEL = /^[a-z][a-z0-9_-]{0,29}$/

const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && CHANNEL.test(value) ? value : undefined

/** What the page of alerts keeps in its URL. */
export const readAlertsSearch = (raw: Raw): AlertsSearch =>
  given({
    state: oneOf(ALERT_VIEWS, raw['state']),
    channel: nameOf(raw['channel']),
    before: uuidOf(raw['before']),
  })
