import type { NoticeReading, NoticeRefusal, RawNotice } from '../../../modules/payments/index.ts'
import { decodeUtf8, readForm } from './message.ts'
import type { AdapterDeps, UnionPayAccount } from './params.ts'
import { redactFields } from './redact.ts'
import { proofOf } from './signing.ts'

const CHARGE = '01'
const RETURNS = new Set(['04', '31'])

/**
 * Reads a notice: a form, proven by the certificate in it, held against our merchant. It only says what to ask about;
 * what happened is told by the query. UnionPay signs no moment, so an old notice is as good as a new one: it
 * leads to the same question.
 */
export function readNotice(
  account: UnionPayAccount,
  { clock }: AdapterDeps,
  notice: RawNotice,
): NoticeReading {
  const body = decodeUtf8(notice.body)
  const fields = body === null ? null : readForm(body)
  if (fields === null) return refused('unreadable')
  const proof = proofOf(account.signing, account, fields, clock.now())
  if (!proof.proven) return refused('signature')

  const { merId, txnType = '', orderId = '', txnTime = '', queryId = '', respCode = '' } = fields
  if (merId !== account.merId) return refused('foreign')
  if (!/^[0-9A-Za-z]{8,40}$/.test(orderId) || !/^\d{14}$/.test(txnTime))
    return refused('unreadable')
  const dedupeKey = [txnType, orderId, txnTime, queryId, respCode].join(':').slice(0, MAX_KEY)
  const summary = redactFields({ txnType, orderId, queryId, respCode })
  if (txnType === CHARGE) {
    const about = { kind: 'charge', tradeNo: orderId } as const
    return { outcome: 'read', dedupeKey, about, summary }
  }
  if (RETURNS.has(txnType)) {
    const about = { kind: 'refund', refundNo: orderId } as const
    return { outcome: 'read', dedupeKey, about, summary }
  }
  return refused('unreadable')
}

const MAX_KEY = 128

const refused = (code: NoticeRefusal): NoticeReading => ({ outcome: 'refused', code })
