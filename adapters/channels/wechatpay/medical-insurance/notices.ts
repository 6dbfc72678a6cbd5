import type { Clock } from '../../../../kernel/time.ts'
import type { NoticeRefusal, RawNotice } from '../../../../modules/payments/index.ts'
import { openNotice, refused } from '../notices.ts'
import type { WechatPayAccount } from '../params.ts'
import type { PlatformKeys } from '../signing.ts'
import { type MixedOrder, readMixedOrder } from './answers.ts'
import type { Institution } from './request.ts'

const EVENT = 'MEDICAL_INSURANCE.SUCCESS'

export type MixedNotice =
  | { outcome: 'refused'; code: NoticeRefusal }
  | {
      outcome: 'read'
      /** The same for every delivery, and for every notice of one order's payment. */
      dedupeKey: string
      tradeNo: string
      mixTradeNo: string
      /** To be held against the order's own, before the query decides. */
      amounts: MixedOrder['amounts']
      /** Redacted text for the timeline. */
      summary: string
    }

/**
 * Reads a notice that a mixed order was paid: proven, opened, of our app and environment, its statuses saying 'paid'
 * together and its amounts adding up. It only says what to ask about, as any notice.
 */
export function readMixedNotice(
  { account, institution }: { account: WechatPayAccount; institution: Institution },
  platformKeys: PlatformKeys,
  deps: { clock: Clock },
  notice: RawNotice,
): MixedNotice {
  const opened = openNotice(account, platformKeys, deps, notice)
  if (opened.outcome === 'refused') return opened
  const mixed = readMixedOrder(opened.content)
  if (opened.event !== EVENT || mixed.outcome === 'unknown' || mixed.verdict !== 'paid') {
    return refused('unreadable')
  }
  if (mixed.appid !== account.appid) return refused('foreign')
  if (mixed.isTestEnvironment !== institution.isTestEnvironment) return refused('foreign')
  const { mixTradeNo, tradeNo, amounts } = mixed
  const summary = `${EVENT} out_trade_no ${tradeNo} mix_trade_no ${mixTradeNo}`
  return {
    outcome: 'read',
    dedupeKey: `${mixTradeNo} ${EVENT}`,
    tradeNo,
    mixTradeNo,
    amounts,
    summary,
  }
}
