import { isBusinessDate } from '../../../kernel/time.ts'
import { flagOf, given, oneOf, type Raw, uuidOf } from '../search/params.ts'
import { PAYOUT_STATUSES, type PayoutStatus } from './model.ts'

// What these pages keep in their URL.

/** `after`: provider and date of the batch that ends the page before. */
export type PayoutsSearch = {
  status?: PayoutStatus
  provider?: string
  expectedOn?: string
  after?: string
}

export const readPayoutsSearch = (raw: Raw): PayoutsSearch =>
  given({
    status: oneOf(PAYOUT_STATUSES, raw['status']),
    provider: providerOf(raw['provider']),
    expectedOn: dayOf(raw['expectedOn']),
    after: placeOf(raw['after']),
  })

/** `all`: also receipts that are explained. */
export type ReceiptsSearch = { all?: true }

export const readReceiptsSearch = (raw: Raw): ReceiptsSearch => given({ all: flagOf(raw['all']) })

/** `from`: the contract whose terms a new one begins with; `provider`: whom it is with, where that is known. */
export type NewContractSearch = { from?: string; provider?: string }

export const readNewContractSearch = (raw: Raw): NewContractSearch =>
  given({ from: uuidOf(raw['from']), provider: providerOf(raw['provider']) })

const textWhere =
  (isRight: (text: string) => boolean) =>
  (value: unknown): string | undefined =>
    typeof value === 'string' && isRight(value) ? value : undefined

const PROVIDER = /^[a-z][a-z0-9_-]{0,29}$/
const PLACE = /^[a-z][a-z0-9_-]{0,29}\/\d{4}-\d{2}-\d{2}$/

const providerOf = textWhere((text) => PROVIDER.test(text))
const dayOf = textWhere(isBusinessDate)
const placeOf = textWhere((text) => PLACE.test(text))
