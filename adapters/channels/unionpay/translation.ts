import { type ProvenAnswer, reasonOf } from './client.ts'

// What UnionPay says, and what it means to the hub: all of it, as tables. Only proven answers come here; whatever no
// table names is 'unknown'. Source: 平台接入接口规范, 第 5 部分 附录, 应答码.

/** Refusals of a request, by what stands in tenders and reports. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['01', 'failed'],
  ['10', 'param_error'],
  ['13', 'param_error'],
  ['30', 'not_approved'],
  ['31', 'merchant_restricted'],
  ['32', 'no_permission'],
  ['33', 'amount_limit'],
  ['34', 'original_not_found'],
  ['35', 'original_not_found'],
  ['36', 'original_differs'],
  ['38', 'risk'],
  ['39', 'outside_hours'],
  ['40', 'not_bound'],
  ['42', 'paid_too_late'],
  ['43', 'no_permission'],
  ['44', 'wrong_number'],
  ['45', 'already_returned'],
  ['46', 'reversed'],
  ['60', 'issuer_refused'],
  ['61', 'wrong_card'],
  ['62', 'card_not_supported'],
  ['63', 'card_state'],
  ['64', 'not_enough'],
  ['65', 'wrong_password'],
  ['66', 'wrong_identity'],
  ['67', 'wrong_password'],
  ['68', 'card_not_supported'],
  ['69', 'timed_out'],
  ['71', 'wrong_password'],
  ['73', 'card_expired'],
  ['77', 'card_not_supported'],
  ['78', 'card_not_supported'],
  ['80', 'token_expired'],
  ['81', 'amount_limit'],
  ['88', 'code_unknown'],
  ['90', 'not_enough'],
  ['91', 'wrong_identity'],
])

export type Refused = { outcome: 'refused'; code: string; reason: string }

/**
 * What the answer to a request means. accepted: it is on file, and whether the money moved is for the query to say.
 * duplicate: there is one of this number from before. refused: this try did nothing; an earlier one may have.
 * unsigned: they do not know our signature, so nothing was done, and nothing can be asked either.
 */
export type RequestMeaning =
  | { outcome: 'accepted' }
  | { outcome: 'duplicate'; reason: string }
  | { outcome: 'unsigned'; reason: string }
  | Refused
  | { outcome: 'unknown'; reason: string }

export function meaningOfRequest({ respCode, reason }: ProvenAnswer): RequestMeaning {
  if (respCode === '00' || respCode === 'A6') return { outcome: 'accepted' }
  if (respCode === '12') return { outcome: 'duplicate', reason }
  if (respCode === '11') return { outcome: 'unsigned', reason }
  const code = REFUSALS.get(respCode)
  return code === undefined ? { outcome: 'unknown', reason } : { outcome: 'refused', code, reason }
}

/**
 * What became of a transaction. failing: it failed, and until the end of its time it may still succeed, as the payer
 * takes another card or the answer was not the last one. failed: for good, where nobody tries again.
 */
export type State =
  | { state: 'succeeded' }
  | { state: 'in_progress' }
  | { state: 'failing' | 'failed'; code: string; reason: string }
  | { state: 'reversed'; code: string; reason: string }
  | { state: 'absent' }
  | { state: 'unknown'; reason: string }

const SUCCEEDED = new Set(['00', 'A6'])
/** 05: accepted, ask later. 70: the page waits for the payer. */
const IN_PROGRESS = new Set(['05', '70'])
/** UnionPay wants these asked about again before they are believed. */
const NOT_THE_LAST_WORD = new Set(['01', '12', '60'])

export function stateOf({ respCode, reason, fields }: ProvenAnswer): State {
  if (respCode === '34') return { state: 'absent' }
  if (respCode !== '00') return { state: 'unknown', reason }
  const orig = fields['origRespCode'] ?? ''
  const origReason = reasonOf(orig, fields['origRespMsg'])
  if (SUCCEEDED.has(orig)) return { state: 'succeeded' }
  if (IN_PROGRESS.has(orig)) return { state: 'in_progress' }
  if (orig === '34') return { state: 'absent' }
  if (orig === '46') return { state: 'reversed', code: 'reversed', reason: origReason }
  const code = orig === '12' ? 'failed' : REFUSALS.get(orig)
  if (code === undefined) return { state: 'unknown', reason: origReason }
  return { state: NOT_THE_LAST_WORD.has(orig) ? 'failing' : 'failed', code, reason: origReason }
}
