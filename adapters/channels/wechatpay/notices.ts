import type { Clock } from '../../../kernel/time.ts'
import type { NoticeReading, NoticeRefusal, RawNotice } from '../../../modules/payments/index.ts'
import { NoticeEnvelope, RefundNotice, TransactionNotice } from './answers.ts'
import type { WechatPayAccount } from './params.ts'
import { ALGORITHM_OF, openResource, type PlatformKeys, proofOf } from './signing.ts'

const REFUND_EVENTS = new Set(['REFUND.SUCCESS', 'REFUND.ABNORMAL', 'REFUND.CLOSED'])

/**
 * Reads a notice: proven by its signature, opened with the APIv3 key, held against our merchant. It only
 * says what to ask about; what happened is told by the query.
 */
export function readNotice(
  account: WechatPayAccount,
  platformKeys: PlatformKeys,
  deps: { clock: Clock },
  notice: RawNotice,
): NoticeReading {
  const opened = openNotice(account, platformKeys, deps, notice)
  if (opened.outcome === 'refused') return opened
  const { id, event, content } = opened

  if (event === 'TRANSACTION.SUCCESS' && TransactionNotice.Check(content)) {
    const isOurApp = content.appid === account.appid || content.appid === account.mobileAppid
    if (content.mchid !== account.mchid || !isOurApp) return refused('foreign')
    const { out_trade_no: tradeNo, transaction_id: providerNo } = content
    const summary = `${event} out_trade_no ${tradeNo} transaction_id ${providerNo}`
    return { outcome: 'read', dedupeKey: id, about: { kind: 'charge', tradeNo }, summary }
  }
  if (REFUND_EVENTS.has(event) && RefundNotice.Check(content)) {
    if ((content.mchid ?? account.mchid) !== account.mchid) return refused('foreign')
    const { out_refund_no: refundNo, out_trade_no: tradeNo } = content
    const summary = `${event} out_refund_no ${refundNo} out_trade_no ${tradeNo}`
    return { outcome: 'read', dedupeKey: id, about: { kind: 'refund', refundNo }, summary }
  }
  return refused('unreadable')
}

/** What is in a notice, once it is proven to come from WeChat and to be for this merchant's key. */
export function openNotice(
  account: WechatPayAccount,
  platformKeys: PlatformKeys,
  { clock }: { clock: Clock },
  notice: RawNotice,
): OpenedNotice | RefusedNotice {
  const proof = proofOf(platformKeys, notice.headers, notice.body, clock.now())
  if (!proof.proven) return refused(proof.code)
  const envelope = parse(notice.body.toString('utf8'))
  if (!NoticeEnvelope.Check(envelope)) return refused('unreadable')
  const { id, event_type: event, resource } = envelope
  if (resource.algorithm !== ALGORITHM_OF[account.cryptography]) return refused('unreadable')
  const text = openResource(account.apiV3Key, { associated_data: '', ...resource })
  return { outcome: 'opened', id, event, content: parse(text) }
}

/** `id` is the same for every delivery of one notice. */
export type OpenedNotice = { outcome: 'opened'; id: string; event: string; content: unknown }

type RefusedNotice = { outcome: 'refused'; code: NoticeRefusal }

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

export const refused = (code: NoticeRefusal): RefusedNotice => ({ outcome: 'refused', code })
